{
    "name": "Work Orders: Inventory",
    "summary": "Parts posted on a work order leave stock once, at their real cost",
    "version": "19.0.1.0.0",
    "category": "Services/Field Service",
    "author": "Workorder Bridge",
    "license": "LGPL-3",
    "depends": ["work_order", "sale_stock"],
    "data": ["views/part_views.xml"],
    "auto_install": True,
}
