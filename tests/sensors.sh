#!/bin/sh
# Say which sensors the tests can use. In CI (CI=true) install Suricata; elsewhere change nothing.
set -eu
have() { command -v "$1" >/dev/null 2>&1; }

if ! have suricata && [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && have apt-get; then
    . /etc/os-release
    if [ "${VERSION_CODENAME:-}" = bookworm ]; then
        echo "deb http://deb.debian.org/debian bookworm-backports main" \
            >/etc/apt/sources.list.d/backports.list
        target="-t bookworm-backports"
    fi
    # a test that can't have Suricata is skipped by name: this is no reason to fail
    # shellcheck disable=SC2086
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
        --no-install-recommends ${target:-} suricata rsyslog rsyslog-gnutls openssl >/dev/null; } \
        || echo "Suricata could not be installed"
fi
for tool in zeek suricata suricata8 rsyslogd chromium; do
    if have "$tool"; then
        echo "$tool: $(command -v "$tool")"
    elif [ "$tool" = suricata8 ]; then
        continue # a second version to test the rules with, where somebody has one
    else
        case $tool in
            zeek) hint="see https://docs.zeek.org/en/lts/install.html" ;;
            suricata) hint="apt-get install suricata (Debian 12: from bookworm-backports)" ;;
            rsyslogd) hint="apt-get install rsyslog rsyslog-gnutls" ;;
            *) hint="apt-get install $tool" ;;
        esac
        echo "$tool: not here, its tests are skipped ($hint)"
    fi
done
