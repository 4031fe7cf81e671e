from . import work_order_retention_release
