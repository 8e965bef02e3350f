import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import oscar.models.fields
import oscar_customers_ext.customers.models.customer
import oscar_customers_ext.customers.notes.files
import phonenumber_field.modelfields
import re
import taggit.managers
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # The first migrations are enough, and a shop that forks these apps has them under the same names.
    dependencies = [
        ('address', '0001_initial'),
        ('auth', '0001_initial'),
        ('basket', '0001_initial'),
        ('oscar_customers_ext', '0002_search_index'),
        ('sites', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AddressCompany',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('company_name', models.CharField(max_length=255, verbose_name='company name')),
            ],
            options={
                'verbose_name': 'company of an address',
                'verbose_name_plural': 'companies of addresses',
            },
        ),
        migrations.CreateModel(
            name='BasketContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=320, verbose_name='e-mail address')),
                ('email_key', models.CharField(db_index=True, editable=False, max_length=320)),
                ('captured_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='captured')),
            ],
            options={
                'verbose_name': 'address of a cart',
                'verbose_name_plural': 'addresses of carts',
            },
        ),
        migrations.CreateModel(
            name='ColumnChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('columns', models.JSONField(default=list, verbose_name='columns')),
            ],
            options={
                'verbose_name': 'choice of columns',
                'verbose_name_plural': 'choices of columns',
            },
        ),
        migrations.CreateModel(
            name='ConsentEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('subscribed', 'Subscribed'), ('unsubscribed', 'Unsubscribed'), ('objected', 'Objected')], max_length=12, verbose_name='state')),
                ('email', models.EmailField(blank=True, max_length=320, verbose_name='e-mail address at that time')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
                ('source', models.CharField(max_length=64, verbose_name='source')),
                ('text', models.TextField(blank=True, verbose_name='exact text')),
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CustomerAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', oscar.models.fields.NullCharField(max_length=255, unique=True, verbose_name='Code')),
                ('title', models.CharField(blank=True, choices=[('Mr', 'Mr'), ('Miss', 'Miss'), ('Mrs', 'Mrs'), ('Ms', 'Ms'), ('Dr', 'Dr')], max_length=64, verbose_name='Title')),
                ('first_name', models.CharField(blank=True, max_length=255, verbose_name='First name')),
                ('last_name', models.CharField(blank=True, max_length=255, verbose_name='Last name')),
                ('line1', models.CharField(max_length=255, verbose_name='First line of address')),
                ('line2', models.CharField(blank=True, max_length=255, verbose_name='Second line of address')),
                ('line3', models.CharField(blank=True, max_length=255, verbose_name='Third line of address')),
                ('line4', models.CharField(blank=True, max_length=255, verbose_name='City')),
                ('state', models.CharField(blank=True, max_length=255, verbose_name='State/County')),
                ('postcode', oscar.models.fields.UppercaseCharField(blank=True, max_length=64, verbose_name='Post/Zip-code')),
                ('search_text', models.TextField(editable=False, verbose_name='Search text - used only for searching addresses')),
                ('phone_number', phonenumber_field.modelfields.PhoneNumberField(blank=True, help_text='In case we need to call you about your order', max_length=128, region=None, verbose_name='Phone number')),
                ('notes', models.TextField(blank=True, help_text='Tell us anything we should know when delivering your order.', verbose_name='Instructions')),
                ('company_name', models.CharField(blank=True, max_length=255, verbose_name='company name')),
                ('is_default_for_billing', models.BooleanField(default=False, verbose_name='default billing address')),
                ('is_default_for_shipping', models.BooleanField(default=False, verbose_name='default shipping address')),
                ('hash', models.CharField(blank=True, editable=False, max_length=255)),
            ],
            options={
                'verbose_name': 'address',
                'verbose_name_plural': 'addresses',
                'ordering': ['-is_default_for_shipping', '-is_default_for_billing', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CustomerGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('slug', models.CharField(help_text='The name of the group in addresses and style sheets, like “trade”.', max_length=64, unique=True, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_-]{0,63}\\Z', 'Begin with a letter; use small letters, digits, hyphens and underscores only.')], verbose_name='slug')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('colour', models.CharField(blank=True, max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-f]{6}\\Z', 'Write the colour like #1f7e9a.')], verbose_name='colour')),
            ],
            options={
                'verbose_name': 'customer group',
                'verbose_name_plural': 'customer groups',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='CustomerNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('pinned', models.BooleanField(default=False, verbose_name='pinned')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('modified_at', models.DateTimeField(null=True, verbose_name='modified')),
            ],
            options={
                'verbose_name': 'note',
                'verbose_name_plural': 'notes',
                'ordering': ['-pinned', '-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CustomerTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('key', models.CharField(editable=False, max_length=300, unique=True)),
            ],
            options={
                'verbose_name': 'tag',
                'verbose_name_plural': 'tags',
                'ordering': ['key'],
            },
        ),
        migrations.CreateModel(
            name='EmailChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=320, verbose_name='new e-mail address')),
                ('email_key', models.CharField(editable=False, max_length=320)),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='requested')),
            ],
            options={
                'verbose_name': 'pending change of an e-mail address',
                'verbose_name_plural': 'pending changes of e-mail addresses',
            },
        ),
        migrations.CreateModel(
            name='MailingList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('slug', models.CharField(max_length=64, unique=True, validators=[django.core.validators.RegexValidator(re.compile('^[-a-zA-Z0-9_]+\\Z'), 'Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.', 'invalid')], verbose_name='slug')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('is_default', models.BooleanField(default=False, verbose_name='default list')),
            ],
            options={
                'verbose_name': 'mailing list',
                'verbose_name_plural': 'mailing lists',
                'ordering': ['-is_default', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='from')),
                ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='to')),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='revoked')),
                ('noticed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='notice sent')),
                ('end_told_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='end told')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
                'ordering': ['-starts_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='MembershipPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('duration', models.PositiveSmallIntegerField(blank=True, help_text='Leave empty for a membership without an end.', null=True, validators=[django.core.validators.MinValueValidator(1, 'A membership lasts at least one day. Leave empty for no end.')], verbose_name='duration')),
                ('duration_unit', models.CharField(choices=[('days', 'days'), ('months', 'months'), ('years', 'years')], default='months', max_length=6, verbose_name='unit')),
                ('notice_days', models.PositiveSmallIntegerField(blank=True, help_text='Leave empty for no notice.', null=True, verbose_name='notice before the end, in days')),
            ],
            options={
                'verbose_name': 'membership plan',
                'verbose_name_plural': 'membership plans',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='NoteFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(storage=oscar_customers_ext.customers.notes.files.private_storage, upload_to=oscar_customers_ext.customers.notes.files.upload_to, verbose_name='file')),
                ('name', models.CharField(max_length=255, verbose_name='name')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
            ],
            options={
                'verbose_name': 'file of a note',
                'verbose_name_plural': 'files of notes',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('shared', models.BooleanField(default=False, help_text='Everybody who may see customers can choose this view; only you can change it.', verbose_name='shared with everybody')),
                ('query', models.TextField(blank=True, verbose_name='search, filters and order')),
                ('columns', models.JSONField(default=list, verbose_name='columns')),
            ],
            options={
                'verbose_name': 'saved view',
                'verbose_name_plural': 'saved views',
                'ordering': ['name', 'pk'],
                'permissions': [('share_savedview', 'Can share saved views of the customer list with everybody')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StaffSite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'site of a group of staff',
                'verbose_name_plural': 'sites of groups of staff',
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('subscribed', 'Subscribed'), ('unsubscribed', 'Unsubscribed'), ('objected', 'Objected')], max_length=12, verbose_name='state')),
                ('changed_at', models.DateTimeField(verbose_name='changed')),
            ],
            options={
                'verbose_name': 'subscription',
                'verbose_name_plural': 'subscriptions',
            },
        ),
        migrations.CreateModel(
            name='TaggedCustomer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'tag of a customer',
                'verbose_name_plural': 'tags of customers',
            },
        ),
        migrations.AlterModelOptions(
            name='customer',
            options={'ordering': ['-created_at', '-pk'], 'permissions': [('approve_customer', 'Can approve customers as buyers'), ('assign_group_customer', 'Can put customers into customer groups'), ('assign_role_customer', 'Can give roles to customers'), ('manage_account_customer', 'Can manage the user accounts of customers'), ('subscribe_customer', 'Can change newsletter subscriptions of customers')], 'verbose_name': 'customer', 'verbose_name_plural': 'customers'},
        ),
        migrations.AddField(
            model_name='customer',
            name='approval_decided_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='decided'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='approved_buyer',
            field=models.BooleanField(default=oscar_customers_ext.customers.models.customer.approved_from_the_start, verbose_name='approved buyer'),
        ),
        migrations.AlterField(
            model_name='customersource',
            name='source',
            field=models.CharField(max_length=64, verbose_name='source'),
        ),
        migrations.AddIndex(
            model_name='customersource',
            index=models.Index(fields=['source', '-first_seen'], name='customer_source_seen'),
        ),
        migrations.AddField(
            model_name='addresscompany',
            name='address',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='customer_company', to='address.useraddress', verbose_name='address'),
        ),
        migrations.AddField(
            model_name='basketcontact',
            name='basket',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='customer_contact', to='basket.basket', verbose_name='basket'),
        ),
        migrations.AddField(
            model_name='basketcontact',
            name='site',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='sites.site', verbose_name='site'),
        ),
        migrations.AddField(
            model_name='columnchoice',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user'),
        ),
        migrations.AddField(
            model_name='consententry',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='oscar_customers_ext.contact', verbose_name='contact'),
        ),
        migrations.AddField(
            model_name='consententry',
            name='staff',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='member of staff'),
        ),
        migrations.AddField(
            model_name='customeraddress',
            name='country',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='address.country', verbose_name='Country'),
        ),
        migrations.AddField(
            model_name='customeraddress',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='oscar_customers_ext.customer', verbose_name='customer'),
        ),
        migrations.AddField(
            model_name='customer',
            name='groups',
            field=models.ManyToManyField(blank=True, related_name='customers', to='oscar_customers_ext.customergroup', verbose_name='customer groups'),
        ),
        migrations.AddField(
            model_name='customernote',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author'),
        ),
        migrations.AddField(
            model_name='customernote',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='oscar_customers_ext.customer', verbose_name='customer'),
        ),
        migrations.AddField(
            model_name='customernote',
            name='modified_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='modified by'),
        ),
        migrations.AddField(
            model_name='emailchange',
            name='customer',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='email_change', to='oscar_customers_ext.customer', verbose_name='customer'),
        ),
        migrations.AddField(
            model_name='emailchange',
            name='requested_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='requested by'),
        ),
        migrations.AddConstraint(
            model_name='mailinglist',
            constraint=models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('is_default',), name='one_default_mailing_list'),
        ),
        migrations.AddField(
            model_name='consententry',
            name='mailing_list',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='oscar_customers_ext.mailinglist', verbose_name='mailing list'),
        ),
        migrations.AddField(
            model_name='membership',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='oscar_customers_ext.customer', verbose_name='customer'),
        ),
        migrations.AddField(
            model_name='membership',
            name='granted_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='granted by'),
        ),
        migrations.AddField(
            model_name='membershipplan',
            name='auth_group',
            field=models.ForeignKey(blank=True, help_text='Members see the pages and documents that are private to this group.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='membership_plans', to='auth.group', verbose_name='group for private pages'),
        ),
        migrations.AddField(
            model_name='membershipplan',
            name='customer_group',
            field=models.ForeignKey(blank=True, help_text='Members count as customers of this group.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='membership_plans', to='oscar_customers_ext.customergroup', verbose_name='customer group'),
        ),
        migrations.AddField(
            model_name='membership',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='oscar_customers_ext.membershipplan', verbose_name='plan'),
        ),
        migrations.AddField(
            model_name='notefile',
            name='note',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='oscar_customers_ext.customernote', verbose_name='note'),
        ),
        migrations.AddField(
            model_name='savedview',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner'),
        ),
        migrations.AddField(
            model_name='staffsite',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='customer_sites', to='auth.group', verbose_name='group'),
        ),
        migrations.AddField(
            model_name='staffsite',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sites.site', verbose_name='site'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subscriptions', to='oscar_customers_ext.contact', verbose_name='contact'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='mailing_list',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subscriptions', to='oscar_customers_ext.mailinglist', verbose_name='mailing list'),
        ),
        migrations.AddField(
            model_name='taggedcustomer',
            name='content_object',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tagged', to='oscar_customers_ext.customer'),
        ),
        migrations.AddField(
            model_name='taggedcustomer',
            name='tag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tagged_customers', to='oscar_customers_ext.customertag'),
        ),
        migrations.AddField(
            model_name='customer',
            name='tags',
            field=taggit.managers.TaggableManager(blank=True, help_text='Words of your own, like “press”. Separate them with commas.', through='oscar_customers_ext.TaggedCustomer', to='oscar_customers_ext.CustomerTag', verbose_name='tags'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('approval_decided_at__isnull', True), ('approved_buyer', False)), fields=['-created_at', '-id'], name='customer_pending'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('approval_decided_at__isnull', False), ('approved_buyer', False)), fields=['-created_at', '-id'], name='customer_declined'),
        ),
        migrations.AddConstraint(
            model_name='customeraddress',
            constraint=models.UniqueConstraint(fields=('customer', 'hash'), name='address_of_customer_once'),
        ),
        migrations.AddConstraint(
            model_name='customeraddress',
            constraint=models.UniqueConstraint(condition=models.Q(('is_default_for_billing', True)), fields=('customer',), name='one_default_billing_address'),
        ),
        migrations.AddConstraint(
            model_name='customeraddress',
            constraint=models.UniqueConstraint(condition=models.Q(('is_default_for_shipping', True)), fields=('customer',), name='one_default_shipping_address'),
        ),
        migrations.AddIndex(
            model_name='customernote',
            index=models.Index(fields=['customer', '-pinned', '-created_at', '-id'], name='note_of_customer'),
        ),
        migrations.AddConstraint(
            model_name='customernote',
            constraint=models.UniqueConstraint(condition=models.Q(('pinned', True)), fields=('customer',), name='one_pinned_note'),
        ),
        migrations.AddIndex(
            model_name='consententry',
            index=models.Index(fields=['contact', '-at', '-id'], name='consent_of_contact'),
        ),
        migrations.AddIndex(
            model_name='membership',
            index=models.Index(fields=['customer', 'plan', 'revoked_at', 'starts_at', 'ends_at'], name='membership_states'),
        ),
        migrations.AddIndex(
            model_name='membership',
            index=models.Index(condition=models.Q(('end_told_at__isnull', True), ('ends_at__isnull', False), ('revoked_at__isnull', True)), fields=['ends_at'], name='membership_running'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='membership_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(fields=('owner', 'name'), name='saved_view_name_of_owner'),
        ),
        migrations.AddConstraint(
            model_name='staffsite',
            constraint=models.UniqueConstraint(fields=('group', 'site'), name='staff_site_once'),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(fields=['mailing_list', 'state', 'contact'], name='subscription_state'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.UniqueConstraint(fields=('contact', 'mailing_list'), name='subscription_once'),
        ),
        migrations.AddConstraint(
            model_name='taggedcustomer',
            constraint=models.UniqueConstraint(fields=('content_object', 'tag'), name='customer_tagged_once'),
        ),
    ]
