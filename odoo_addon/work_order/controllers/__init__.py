from . import subcontractor_portal
from . import portal
