from . import subcontractor_portal
