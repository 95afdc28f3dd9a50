"""How are the numbers of things read? Vehicles, vessels, aircraft, containers, devices, accounts, arms.

Check digits are weak evidence: where one does not hold, the value is kept and a doubt reported.
"""
