"""Messages between bureaus: sent, read, answered, passed on.

parsed -> authorised -> stored, boxed for each party, told and logged in one transaction -> read, with receipts
"""
