"""The digits that keyboards of other scripts have."""

DIGITS = {
    "arabic": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
    "persian": str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"),
    "devanagari": str.maketrans("0123456789", "०१२३४५६७८९"),
}
