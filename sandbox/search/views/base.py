from django.conf import settings
from django.db.models import Q
from django.views.generic import ListView
from oscar.core.loading import get_class, get_model

SearchForm = get_class("search.forms", "SearchForm")
Product = get_model("catalogue", "Product")

ORDERINGS = {
    SearchForm.TOP_RATED: "-rating",
    SearchForm.NEWEST: "-date_created",
    SearchForm.PRICE_HIGH_TO_LOW: "-stockrecords__price",
    SearchForm.PRICE_LOW_TO_HIGH: "stockrecords__price",
    SearchForm.TITLE_A_TO_Z: "title",
    SearchForm.TITLE_Z_TO_A: "-title",
}


class BaseSearchView(ListView):
    """
    Lists products straight from the database: catalogue, category and search pages inherit from it.

    Oscar asks a search server here. Haystack's "simple" engine, which needs none, finds nothing as soon as
    a filter is set, and Oscar always sets one.
    """

    paginate_by = settings.OSCAR_PRODUCTS_PER_PAGE
    category = None

    def get_queryset(self):
        products = Product.objects.browsable().base_queryset()
        if self.category:
            products = products.filter(categories__in=self.category.get_descendants_and_self())
        for word in self.query.split():
            products = products.filter(Q(title__icontains=word) | Q(description__icontains=word))
        return products.order_by(ORDERINGS.get(self.request.GET.get("sort_by"), "pk")).distinct()

    @property
    def query(self):
        return self.request.GET.get("q", "")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        for product in context["object_list"]:
            # Oscar's templates expect search results, each with its product.
            product.object = product
        page = context["page_obj"]
        return {**context, "page": page, "query": self.query, "form": SearchForm(self.request.GET)}
