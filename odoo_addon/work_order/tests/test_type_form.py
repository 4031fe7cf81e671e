from lxml import etree

from .common import WorkOrderCase


class TestTypeForm(WorkOrderCase):
    def test_everything_a_type_can_demand_is_set_on_its_form(self):
        types = self.env["work.order.type"]
        arch = etree.fromstring(types.get_view(view_type="form")["arch"])
        shown = {node.get("name") for node in arch.iter("field")}
        settings = {
            name
            for name, field in types._fields.items()
            if field.store and not field.readonly and field._modules and "work_order" in field._modules
        }
        self.assertEqual(settings - shown - {"sequence"}, set())

    def test_technicians_do_not_get_the_page_of_caps_but_see_the_hours_left(self):
        view = self.env["work.order"].with_user(self.technician).get_view(view_type="form")
        arch = etree.fromstring(view["arch"])
        self.assertFalse(arch.xpath("//page[@name='caps']"))
        self.assertTrue(arch.xpath("//page[@name='time']//field[@name='nte_hours_left']"))
        pages = [page.get("name") for page in arch.xpath("//sheet/notebook/page")]
        self.assertEqual(pages[:4], ["tasks", "checks", "time", "parts"])
