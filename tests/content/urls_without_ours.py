from tests.urls import urlpatterns as all_of_them

urlpatterns = [
    pattern for pattern in all_of_them if getattr(pattern, "namespace", None) != "oscar_customers_shop"
]
