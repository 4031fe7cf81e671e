from . import work_order_mapping_coverage
from . import work_order_retention_release
from . import work_order_line_approval
from . import account_move_reversal
from . import buyer_purchase_order_import
