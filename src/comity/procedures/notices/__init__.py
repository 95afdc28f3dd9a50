"""Everything that happens to notices and diffusions.

drafting: draft, amend -> moving: submit, take, publish, refuse, suspend ... -> expiring: their day has come
reading: who sees which -> reviewing: what is missing, what else there is -> exporting: what was made public
"""
