from . import work_order_drift_accept
