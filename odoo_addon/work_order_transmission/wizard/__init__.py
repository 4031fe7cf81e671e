from . import quickbooks_gap_fill
from . import work_order_drift_accept
