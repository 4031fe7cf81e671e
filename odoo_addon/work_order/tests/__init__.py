from . import test_access
from . import test_billing
from . import test_flow
from . import test_invoice_print
from . import test_issue
from . import test_posting_guard
from . import test_versions
from . import test_warranty
