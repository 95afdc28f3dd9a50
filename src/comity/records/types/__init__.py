"""How is one field read, found and compared? One file an idea; each says where its rule comes from.

`identifier` and `lookalike` say how any number is folded and how two of them meet; `text`, `choice`,
`measures`, `dates` and `country` read what every kind has; `mrz` reads machine-readable zones;
`person` and `document` hold what travels with people, `objects/` the numbers of things.
"""
