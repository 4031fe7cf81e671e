from . import account_analytic_line
from . import product_template
from . import res_company
