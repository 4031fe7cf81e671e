"""Units of UN/ECE Recommendation 20 that a buyer's document may name, and Odoo's unit for each.

A buyer's own row in the table of units comes first; a code that is in neither is told, and never becomes another unit.
"""

UNECE = {
    "C62": "uom.product_uom_unit",
    "EA": "uom.product_uom_unit",
    "H87": "uom.product_uom_unit",
    "DZN": "uom.product_uom_dozen",
    "HUR": "uom.product_uom_hour",
    "MIN": "uom.product_uom_minute",
    "DAY": "uom.product_uom_day",
    "KGM": "uom.product_uom_kgm",
    "GRM": "uom.product_uom_gram",
    "TNE": "uom.product_uom_ton",
    "LBR": "uom.product_uom_lb",
    "ONZ": "uom.product_uom_oz",
    "MTR": "uom.product_uom_meter",
    "CMT": "uom.product_uom_cm",
    "KMT": "uom.product_uom_km",
    "FOT": "uom.product_uom_foot",
    "INH": "uom.product_uom_inch",
    "YRD": "uom.product_uom_yard",
    "MTK": "uom.product_uom_square_meter",
    "FTK": "uom.product_uom_square_foot",
    "LTR": "uom.product_uom_litre",
    "GLL": "uom.product_uom_gal",
    "MTQ": "uom.product_uom_cubic_meter",
    "KWH": "uom.product_uom_kwh",
}
