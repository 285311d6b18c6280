"""What CIP services mean: SQL over a request's code, name and path.

Names of common services and classes are those of the CIP specification, as ICSNPP writes them.
Services from 0x4B on mean something else in each class, and ICSNPP leaves them unnamed. Those of
Logix controllers (classes 0x64 to 0xB1) are partly published (Rockwell 1756-PM020) and partly
known only by what tools send: 0x6A carries programs in both directions, 0x8E takes start and stop,
0xA1 takes firmware, 0x74 is locked before a change. A reply names no class: there 0x4C, 0x4D and
0x53 are taken for the tag services, which nearly all such replies are; 0x4E may be Forward Close.

The fragments read the columns ``code`` (service code without the reply bit), ``name`` (the
sensor's name for it, or NULL), ``class_id``, ``class_name``, ``instance_id``, ``attribute_id`` and
``reply``.
"""

from __future__ import annotations

#: Classes of a Logix controller that make up its program: programs, module map, user types,
#: symbols, templates, routines, messages, tasks, add-on instructions.
_PROGRAM = "class_id IN (104, 105, 106, 107, 108, 109, 110, 112, 126, 824)"

#: SQL: the name of a service, from its ``code`` (0x4B and up: by class) or its ``name``.
OPERATION = """
    CASE WHEN coalesce(code, 0) < 75 AND name IS NOT NULL AND name NOT LIKE 'unknown%' THEN name
         WHEN class_id = 6 THEN
           CASE code WHEN 78 THEN 'forward_close' WHEN 82 THEN 'unconnected_send'
                     WHEN 84 THEN 'forward_open' WHEN 91 THEN 'large_forward_open'
                     WHEN 86 THEN 'get_connection_data' WHEN 90 THEN 'get_connection_owner'
                     ELSE printf('service_0x%02x', code) END
         WHEN class_id = 161 THEN
           CASE code WHEN 75 THEN 'firmware_update' WHEN 77 THEN 'firmware_transfer'
                     ELSE printf('firmware_service_0x%02x', code) END
         WHEN class_id = 55 AND code BETWEEN 75 AND 81
           THEN ['initiate_upload', 'initiate_download', 'initiate_partial_read',
                 'initiate_partial_write', 'upload_transfer', 'download_transfer',
                 'clear_file'][code - 74]
         WHEN class_id = 106 AND code = 79 THEN 'upload_transfer'
         WHEN class_id = 106 AND code = 80 THEN 'download_transfer'
         WHEN class_id = 116 AND code = 75 THEN 'lock'
         WHEN class_id = 116 AND code = 76 THEN 'unlock'
         WHEN class_id = 103 AND code = 75 THEN 'execute_pccc'
         WHEN class_id = 108 AND code = 76 THEN 'read_template'
         WHEN code = 85 THEN 'get_instance_attribute_list'
         WHEN (class_id IS NULL OR class_id = 107)
              AND (code IN (76, 77, 83) OR NOT reply AND code IN (78, 82))
           THEN CASE code WHEN 76 THEN 'read_tag' WHEN 77 THEN 'write_tag'
                          WHEN 78 THEN 'read_modify_write_tag' WHEN 82 THEN 'read_tag_fragmented'
                          ELSE 'write_tag_fragmented' END
         WHEN code IS NOT NULL THEN printf('service_0x%02x', code)
         ELSE coalesce(name, 'unknown') END
"""

#: SQL over ``operation``, ``code`` and the path: what a service amounts to.
ACTION = f"""
    CASE WHEN class_id = 161 THEN 'firmware'
         WHEN operation = 'reset' THEN CASE WHEN coalesce(class_id, 1) = 1 THEN 'restart'
                                            ELSE 'write' END
         WHEN operation IN ('start', 'stop') THEN 'mode'
         WHEN operation IN ('save', 'restore') THEN 'program'
         WHEN class_id = 55 THEN 'file'
         WHEN class_id = 106 AND operation LIKE '%load_transfer' THEN 'program'
         WHEN {_PROGRAM} AND (operation IN ('create', 'delete', 'apply_attributes')
                              OR operation LIKE 'set_%') THEN 'program'
         WHEN class_id IN (67, 139) AND operation LIKE 'set_%' OR operation = 'group_sync'
           THEN 'time'
         WHEN class_id = 1 AND operation LIKE 'get_%' THEN 'identify'
         WHEN operation IN ('read_tag', 'read_tag_fragmented') THEN 'read'
         WHEN operation IN ('write_tag', 'write_tag_fragmented', 'read_modify_write_tag')
           THEN 'write'
         WHEN class_id IN (107, 108) AND (operation LIKE 'get_%' OR operation LIKE 'read_%')
           THEN 'discover'
         WHEN operation IN ('get_instance_attribute_list', 'find_next_object_instance')
              OR (code = 75 AND instance_id = 0 AND class_id > 99) THEN 'discover'
         WHEN operation LIKE 'set_%' OR operation LIKE 'write_%' OR operation LIKE '%_member'
              AND operation NOT LIKE 'get_%' OR operation LIKE 'read_modify%'
              OR operation = 'apply_attributes' THEN 'write'
         WHEN class_id = 6 THEN 'connect'
         WHEN reply AND operation = 'get_attributes_all' THEN 'identify'
         WHEN operation LIKE 'get_%' OR operation LIKE 'read_%' THEN 'read'
         WHEN class_id = 114 AND code = 76 OR class_id IS NULL AND code IN (76, 82) THEN 'read'
         ELSE 'other' END
"""

#: `identity:1`, `class_0x72:0`, `assembly:100/attribute:3`.
OBJECT = """
    CASE WHEN class_id IS NULL THEN NULL ELSE concat(
           coalesce(class_name, printf('class_0x%02x', class_id)),
           CASE WHEN instance_id IS NOT NULL THEN concat(':', instance_id) END,
           CASE WHEN attribute_id IS NOT NULL THEN concat('/attribute:', attribute_id) END) END
"""
