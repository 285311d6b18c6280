"""A capture of a real MMS stack: ``python -m tests.zeek.make.live_mms`` (needs pyiec61850-ng).

libiec61850's client and server speak through a relay on the loopback interface, which notes what
each side says; a capture with fixed times is made of that. The relay is a process of its own, as
a call into the library lets no other thread of this one run.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import socket
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import pyiec61850.pyiec61850 as iec
from tests.suricata.makers.wire import HMI, PLC, C, S, pcap, tcp

TRACES = Path(__file__).parents[2] / "traces" / "mms"
SERVER, RELAY = 10102, 11102
PASSWORD = "sw0rdf1sh"
DEVICE = "RELAY1LD0"


def relay(listener: socket.socket, said: Any) -> None:
    """Forward one connection after another and note the payloads."""

    def forward(side: str, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                said.append((side, data))
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    while True:
        client, _ = listener.accept()
        server = socket.create_connection(("127.0.0.1", SERVER))
        back = threading.Thread(target=forward, args=(S, server, client), daemon=True)
        back.start()
        forward(C, client, server)
        back.join()


def model() -> Any:
    """A relay with a switch, measured values, a data set and a report of it."""
    ied = iec.IedModel_create("RELAY1")
    device = iec.LogicalDevice_create("LD0", ied)
    zero = iec.LogicalNode_create("LLN0", device)
    lphd, ggio = iec.LogicalNode_create("LPHD1", device), iec.LogicalNode_create("GGIO1", device)
    iec.CDC_ENS_create("Mod", iec.toModelNode(zero), 0)
    iec.CDC_LPL_create("NamPlt", iec.toModelNode(zero), 0)
    iec.CDC_DPL_create("PhyNam", iec.toModelNode(lphd), 0)
    iec.CDC_SPC_create("SPCSO1", iec.toModelNode(ggio), 0, iec.CDC_CTL_MODEL_DIRECT_NORMAL)
    iec.CDC_SPC_create("SPCSO2", iec.toModelNode(ggio), 0, iec.CDC_CTL_MODEL_SBO_ENHANCED
                       | iec.CDC_CTL_MODEL_HAS_CANCEL)  # fmt: skip
    iec.CDC_MV_create("AnIn1", iec.toModelNode(ggio), 0, False)
    data_set = iec.DataSet_create("dsMeas", zero)
    iec.DataSetEntry_create(data_set, "GGIO1$MX$AnIn1", -1, None)
    iec.ReportControlBlock_create("rcb01", zero, "rcb01", False, "dsMeas", 1,
                                  iec.TRG_OPT_GI, iec.RPT_OPT_SEQ_NUM, 0, 0)  # fmt: skip
    return ied


def talk() -> None:
    """What a client does: looks round, reads, writes, commands, asks for files, and leaves."""
    connection = iec.IedConnection_create()
    auth = iec.AcseAuthenticationParameter_create()
    iec.AcseAuthenticationParameter_setAuthMechanism(auth, iec.ACSE_AUTH_PASSWORD)
    iec.AcseAuthenticationParameter_setPassword(auth, PASSWORD)
    mms = iec.IedConnection_getMmsConnection(connection)
    parameters = iec.MmsConnection_getIsoConnectionParameters(mms)
    iec.IsoConnectionParameters_setAcseAuthenticationParameter(parameters, auth)
    if iec.IedConnection_connect(connection, "127.0.0.1", RELAY)[-1] != 0:
        raise SystemExit("no association")
    error = iec.MmsError_create()
    iec.MmsConnection_identify(mms, error)
    iec.IedConnection_getServerDirectory(connection, False)
    iec.IedConnection_getLogicalDeviceDirectory(connection, DEVICE)
    iec.IedConnection_getDeviceModelFromServer(connection)
    for _ in range(5):
        iec.IedConnection_readObject(connection, f"{DEVICE}/GGIO1.AnIn1.mag.f", iec.IEC61850_FC_MX)
        iec.IedConnection_readObject(connection, f"{DEVICE}/GGIO1.AnIn1", iec.IEC61850_FC_MX)
    iec.IedConnection_readObject(connection, f"{DEVICE}/LPHD1.PhyNam.vendor", iec.IEC61850_FC_DC)
    iec.IedConnection_readObject(connection, f"{DEVICE}/GGIO1.Nothing.f", iec.IEC61850_FC_MX)
    iec.IedConnection_writeVisibleStringValue(
        connection, f"{DEVICE}/LLN0.NamPlt.vendor", iec.IEC61850_FC_DC, "Someone"
    )
    iec.IedConnection_getDataSetDirectory(connection, f"{DEVICE}/LLN0.dsMeas", None)
    iec.MmsConnection_readNamedVariableListValues(mms, error, DEVICE, "LLN0$dsMeas", True)
    iec.IedConnection_readObject(connection, f"{DEVICE}/LLN0.rcb01", iec.IEC61850_FC_RP)
    for element in ("RptEna", "GI"):
        reference = f"{DEVICE}/LLN0.rcb01.{element}"
        iec.IedConnection_writeBooleanValue(connection, reference, iec.IEC61850_FC_RP, True)
    time.sleep(0.3)
    for switch, on in (("SPCSO1", True), ("SPCSO2", True), ("SPCSO2", False)):
        control = iec.ControlObjectClient_create(f"{DEVICE}/GGIO1.{switch}", connection)
        iec.ControlObjectClient_setOrigin(control, "operator", 2)
        value = iec.MmsValue_newBoolean(on)
        if switch == "SPCSO2":
            iec.ControlObjectClient_selectWithValue(control, value)
        if on:
            iec.ControlObjectClient_operate(control, value, 0)
            time.sleep(0.3)
        else:
            iec.ControlObjectClient_cancel(control)
    iec.IedConnection_getFileDirectory(connection, "/")
    iec.IedConnection_deleteFile(connection, "OLD.CFG")
    iec.IedConnection_release(connection)
    iec.IedConnection_destroy(connection)


def main() -> None:
    """Write the capture."""
    said = multiprocessing.Manager().list()
    listener = socket.create_server(("127.0.0.1", RELAY))
    between = multiprocessing.Process(target=relay, args=(listener, said), daemon=True)
    between.start()
    server = iec.IedServer_create(model())
    iec.IedServer_setServerIdentity(server, "Acme", "R-900", "4.2.1")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "OLD.CFG").write_text("old")
        iec.IedServer_setFilestoreBasepath(server, folder + "/")
        iec.IedServer_start(server, SERVER)
        talk()
        time.sleep(0.5)
        iec.IedServer_stop(server)
    between.terminate()
    TRACES.mkdir(parents=True, exist_ok=True)
    (TRACES / "live.pcap").write_bytes(pcap(tcp(HMI, PLC, 102, list(said))))


if __name__ == "__main__":
    main()
