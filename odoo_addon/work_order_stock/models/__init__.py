from . import res_users
from . import stock_move
from . import work_order_part
from . import work_order
from . import sale_order_line
from . import account_move
