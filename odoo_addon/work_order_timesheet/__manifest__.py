{
    "name": "Work Orders: Timesheets",
    "summary": "Time posted on a work order is a timesheet, and the other way round",
    "version": "19.0.1.0.0",
    "category": "Services/Field Service",
    "author": "Workorder Bridge",
    "license": "LGPL-3",
    "depends": ["work_order", "hr_timesheet"],
    "data": ["views/timesheet_views.xml"],
    "auto_install": True,
}
