from . import subcontractor_portal
from . import portal
from . import dispute_portal
