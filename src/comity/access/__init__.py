"""Who may? Bureaus, officers, acts, roles; the one decision, and the one rule on who sees what.

    credential -> Officer -> authorise(act, purpose) -> Grant -> may_see(grant, owner, handling) -> View

`decide` alone makes grants, and nothing is searched or read without one. `visibility` alone says who
sees a record; `masks` is the same rule as arithmetic, for the index.
"""
