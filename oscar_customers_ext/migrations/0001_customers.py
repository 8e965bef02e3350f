import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    # The first migrations are enough, and a shop that forks these apps has them under the same names.
    dependencies = [
        ('address', '0001_initial'),
        ('order', '0001_initial'),
        ('sites', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(blank=True, max_length=320, verbose_name='e-mail address')),
                ('email_key', models.CharField(blank=True, editable=False, max_length=320, null=True, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
            ],
            options={
                'verbose_name': 'contact',
                'verbose_name_plural': 'contacts',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('email', ''), ('email_key__isnull', True)), models.Q(models.Q(('email', ''), _negated=True), ('email_key__isnull', False)), _connector='OR'), name='contact_email_has_key')],
            },
        ),
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(blank=True, max_length=320, verbose_name='e-mail address')),
                ('email_key', models.CharField(blank=True, editable=False, max_length=320, null=True, unique=True)),
                ('number', models.CharField(blank=True, error_messages={'unique': 'This customer number is taken. Choose another one, or leave it empty.'}, help_text='Leave empty for a number that the shop gives out itself.', max_length=32, null=True, unique=True, verbose_name='customer number')),
                ('first_name', models.CharField(blank=True, max_length=255, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=255, verbose_name='last name')),
                ('phone', models.CharField(blank=True, max_length=64, verbose_name='phone')),
                ('company_name', models.CharField(blank=True, max_length=255, verbose_name='company name')),
                ('organisation_id', models.CharField(blank=True, max_length=64, verbose_name='organisation number')),
                ('vat_number', models.CharField(blank=True, max_length=32, verbose_name='VAT number')),
                ('language', models.CharField(blank=True, max_length=16, verbose_name='language')),
                ('approved_buyer', models.BooleanField(default=True, verbose_name='approved buyer')),
                ('orders_count', models.PositiveIntegerField(default=0, editable=False, verbose_name='orders')),
                ('orders_total', models.DecimalField(decimal_places=2, default=0, editable=False, max_digits=14, verbose_name='total')),
                ('last_order_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last order')),
                ('search_text', models.TextField(blank=True, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('modified_at', models.DateTimeField(auto_now=True, verbose_name='modified')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archived')),
                ('contact', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='customer', to='oscar_customers_ext.contact', verbose_name='marketing contact')),
                ('country', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='address.country', verbose_name='country')),
                ('sites', models.ManyToManyField(blank=True, related_name='+', to='sites.site', verbose_name='sites')),
                ('user', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='oscar_customer', to=settings.AUTH_USER_MODEL, verbose_name='user account')),
            ],
            options={
                'verbose_name': 'customer',
                'verbose_name_plural': 'customers',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CustomerOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(blank=True, max_length=320, verbose_name='e-mail address of the order')),
                ('proven', models.BooleanField(default=False, help_text="Placed by the customer's own account, or claimed after proof of the address.", verbose_name='proven')),
                ('linked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='linked')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='order_links', to='oscar_customers_ext.customer', verbose_name='customer')),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='customer_link', to='order.order', verbose_name='order')),
            ],
            options={
                'verbose_name': 'order of a customer',
                'verbose_name_plural': 'orders of customers',
            },
        ),
        migrations.CreateModel(
            name='CustomerSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(db_index=True, max_length=64, verbose_name='source')),
                ('first_seen', models.DateTimeField(default=django.utils.timezone.now, verbose_name='first seen')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='oscar_customers_ext.customer', verbose_name='customer')),
            ],
            options={
                'verbose_name': 'source',
                'verbose_name_plural': 'sources',
                'ordering': ['first_seen', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='VerifiedEmail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=320, verbose_name='e-mail address')),
                ('email_key', models.CharField(db_index=True, editable=False, max_length=320)),
                ('verified_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='verified')),
                ('source', models.CharField(max_length=64, verbose_name='source')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verified_emails', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'verified e-mail address',
                'verbose_name_plural': 'verified e-mail addresses',
            },
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('archived_at__isnull', True)), fields=['-created_at', '-id'], name='customer_created'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('archived_at__isnull', True)), fields=['last_name', 'first_name', 'id'], name='customer_name'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('archived_at__isnull', True)), fields=['-orders_count', '-id'], name='customer_orders_count'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('archived_at__isnull', True)), fields=['country', '-created_at', '-id'], name='customer_country'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('archived_at__isnull', False)), fields=['-created_at', '-id'], name='customer_archived'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('email', ''), ('email_key__isnull', True)), models.Q(models.Q(('email', ''), _negated=True), ('email_key__isnull', False)), _connector='OR'), name='customer_email_has_key'),
        ),
        migrations.AddConstraint(
            model_name='customersource',
            constraint=models.UniqueConstraint(fields=('customer', 'source'), name='customer_source_once'),
        ),
        migrations.AddConstraint(
            model_name='verifiedemail',
            constraint=models.UniqueConstraint(fields=('user', 'email_key'), name='verified_email_once'),
        ),
    ]
