"""What is exchanged? Records, what is asked of them, and what is answered: frozen values.

`fieldtype` says how one field is read and compared, `kind` how fields make a kind of record;
`types/` holds the field types, `kinds/` the declarations, one file a kind. `handling` is the owner's
word on who may see a record; `record` and `check` read what comes through the doors.
"""
