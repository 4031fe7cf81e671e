"""How big a file may be. Generous for a real table, small enough that no file can take the machine down."""

MEGABYTE = 1_000_000
FILE_BYTES = 200 * MEGABYTE
UNPACKED_BYTES = 500 * MEGABYTE  # what an XLSX file may come to once it is unpacked
CELL_CHARACTERS = 10_000
LINE_CHARACTERS = 2 * MEGABYTE
COLUMNS = 100
ROWS = 1_000_000
LINES_PER_PO = 5_000
PROBLEMS_LISTED = 10_000
ROWS_PER_CHUNK = 2_000
