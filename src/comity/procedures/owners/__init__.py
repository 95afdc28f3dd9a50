"""What bureaus ask of the owners of records: a correction, or access to what they see in part.

seen in part or whole -> asked with a reason, a clock runs -> the owner decides, and amends its own record
"""
