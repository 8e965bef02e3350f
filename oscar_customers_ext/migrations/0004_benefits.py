import django.db.models.deletion
import django.utils.timezone
import oscar_customers_ext.customers.notes.files
import oscar_customers_ext.tax.documents
import oscar_customers_ext.transfers.imports.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # The first migrations are enough, and a shop that forks these apps has them under the same names.
    dependencies = [
        ('address', '0001_initial'),
        ('offer', '0001_initial'),
        ('order', '0001_initial'),
        ('oscar_customers_ext', '0003_customer_card'),
        ('voucher', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ExportSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('format', models.CharField(choices=[('csv', 'CSV'), ('tsv', 'TSV'), ('xlsx', 'Excel (XLSX)'), ('ods', 'OpenDocument (ODS)'), ('json', 'JSON'), ('yaml', 'YAML')], default='xlsx', help_text='Excel, LibreOffice and Google Sheets open XLSX without a question.', max_length=8, verbose_name='format')),
                ('delimiter', models.CharField(choices=[(',', 'Comma'), (';', 'Semicolon')], default=',', help_text='Excel expects a semicolon where numbers have a decimal comma, as in Italy.', max_length=1, verbose_name='delimiter of CSV')),
                ('with_bom', models.BooleanField(default=True, help_text='Both are written in UTF-8. Excel needs the mark to read accented letters.', verbose_name='byte-order mark in CSV and TSV')),
                ('dates', models.CharField(choices=[('iso', '2026-12-31 (ISO)'), ('day', '31/12/2026'), ('month', '12/31/2026')], default='iso', max_length=8, verbose_name='dates')),
                ('columns', models.JSONField(blank=True, default=list, verbose_name='columns')),
            ],
            options={
                'verbose_name': 'customer export',
                'verbose_name_plural': 'customer exports',
            },
        ),
        migrations.CreateModel(
            name='ImportMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('header_digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('mapping', models.JSONField(default=list, verbose_name='fields of the columns')),
                ('options', models.JSONField(default=dict, verbose_name='options')),
                ('used_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last used')),
            ],
            options={
                'verbose_name': 'remembered mapping',
                'verbose_name_plural': 'remembered mappings',
            },
        ),
        migrations.CreateModel(
            name='VatCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=32, unique=True, verbose_name='VAT number')),
                ('state', models.CharField(choices=[('valid', 'Valid'), ('invalid', 'Invalid'), ('unavailable', 'Registry not available'), ('unsupported', 'Not checked by a registry')], max_length=16, verbose_name='state')),
                ('checked_at', models.DateTimeField(verbose_name='checked')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('consultation_number', models.CharField(blank=True, max_length=64, verbose_name='consultation number')),
                ('company_name', models.CharField(blank=True, max_length=255, verbose_name='company name in the registry')),
            ],
            options={
                'verbose_name': 'check of a VAT number',
                'verbose_name_plural': 'checks of VAT numbers',
            },
        ),
        migrations.AlterModelOptions(
            name='customer',
            options={'ordering': ['-created_at', '-pk'], 'permissions': [('approve_customer', 'Can approve customers as buyers'), ('assign_group_customer', 'Can put customers into customer groups'), ('assign_role_customer', 'Can give roles to customers'), ('manage_account_customer', 'Can manage the user accounts of customers'), ('import_customer', 'Can import customers from files'), ('export_customer', 'Can export customers to files'), ('subscribe_customer', 'Can change newsletter subscriptions of customers')], 'verbose_name': 'customer', 'verbose_name_plural': 'customers'},
        ),
        migrations.AlterModelOptions(
            name='customergroup',
            options={'ordering': ['name'], 'permissions': [('change_styles_customergroup', 'Can change the style sheets of customer groups')], 'verbose_name': 'customer group', 'verbose_name_plural': 'customer groups'},
        ),
        migrations.AddField(
            model_name='addresscompany',
            name='vat_number',
            field=models.CharField(blank=True, max_length=32, verbose_name='VAT number'),
        ),
        migrations.AddField(
            model_name='customeraddress',
            name='vat_number',
            field=models.CharField(blank=True, max_length=32, verbose_name='VAT number'),
        ),
        migrations.AddField(
            model_name='customergroup',
            name='styles',
            field=models.TextField(blank=True, editable=False, verbose_name='style sheet'),
        ),
        migrations.AlterField(
            model_name='addresscompany',
            name='company_name',
            field=models.CharField(blank=True, max_length=255, verbose_name='company name'),
        ),
        migrations.CreateModel(
            name='CustomerVoucher',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_code', models.CharField(blank=True, editable=False, max_length=128, verbose_name='code made by the shop')),
                ('mailed_to_key', models.CharField(blank=True, editable=False, max_length=320, verbose_name='mailed to')),
                ('mailed_at', models.DateTimeField(editable=False, null=True, verbose_name='mailed')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='ended')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='voucher_links', to='oscar_customers_ext.customer', verbose_name='customer')),
                ('voucher', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='customer_link', to='voucher.voucher', verbose_name='voucher')),
            ],
            options={
                'verbose_name': 'personal coupon',
                'verbose_name_plural': 'personal coupons',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ImportJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('is_of_staff', models.BooleanField(default=False, editable=False)),
                ('state', models.CharField(choices=[('uploaded', 'To be checked'), ('checking', 'Being checked'), ('checked', 'Checked'), ('running', 'Running'), ('cancelled', 'Cancelled'), ('done', 'Done'), ('undoing', 'Being undone'), ('undone', 'Undone')], default='uploaded', max_length=16, verbose_name='state')),
                ('file', models.FileField(blank=True, storage=oscar_customers_ext.customers.notes.files.private_storage, upload_to=oscar_customers_ext.transfers.imports.models.upload_to, verbose_name='file')),
                ('file_name', models.CharField(max_length=255, verbose_name='name of the file')),
                ('rows_file', models.FileField(blank=True, editable=False, storage=oscar_customers_ext.customers.notes.files.private_storage, upload_to=oscar_customers_ext.transfers.imports.models.upload_to)),
                ('language', models.CharField(blank=True, editable=False, max_length=16)),
                ('table_format', models.CharField(max_length=16, verbose_name='format')),
                ('encoding', models.CharField(blank=True, max_length=32, verbose_name='encoding')),
                ('delimiter', models.CharField(blank=True, max_length=1, verbose_name='delimiter')),
                ('shop', models.CharField(blank=True, max_length=32, verbose_name='shop')),
                ('header', models.JSONField(default=list, verbose_name='columns of the file')),
                ('mapping', models.JSONField(default=list, verbose_name='fields of the columns')),
                ('options', models.JSONField(default=dict, verbose_name='options')),
                ('notices', models.JSONField(default=list, verbose_name='notices')),
                ('rows_total', models.PositiveIntegerField(default=0, verbose_name='rows')),
                ('rows_done', models.PositiveIntegerField(default=0, verbose_name='rows done')),
                ('phase', models.CharField(choices=[('rows', 'Rows'), ('accounts', 'User accounts')], default='rows', editable=False, max_length=16)),
                ('position', models.PositiveBigIntegerField(default=0, editable=False)),
                ('accounts_total', models.PositiveIntegerField(default=0, verbose_name='user accounts')),
                ('accounts_done', models.PositiveIntegerField(default=0, verbose_name='user accounts done')),
                ('forecast', models.JSONField(default=dict, verbose_name='forecast')),
                ('counts', models.JSONField(default=dict, verbose_name='counts')),
                ('undo_counts', models.JSONField(default=dict, verbose_name='taken back')),
                ('started_at', models.DateTimeField(null=True, verbose_name='started')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                ('leased_until', models.DateTimeField(editable=False, null=True)),
                ('lease', models.CharField(blank=True, editable=False, max_length=32)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='undone by')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='TaxExemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(help_text='The buyer reads it, and each order keeps a copy.', max_length=255, verbose_name='reason')),
                ('document', models.FileField(blank=True, storage=oscar_customers_ext.customers.notes.files.private_storage, upload_to=oscar_customers_ext.tax.documents.upload_to, verbose_name='document')),
                ('document_name', models.CharField(blank=True, max_length=255, verbose_name='name of the document')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='from')),
                ('valid_until', models.DateField(blank=True, help_text='The last day on which it holds.', null=True, verbose_name='until')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('countries', models.ManyToManyField(blank=True, help_text='Where the goods are sent to. Leave it empty for all countries.', related_name='+', to='address.country', verbose_name='countries')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tax_exemptions', to='oscar_customers_ext.customer', verbose_name='customer')),
            ],
            options={
                'verbose_name': 'tax exemption',
                'verbose_name_plural': 'tax exemptions',
                'ordering': ['-valid_from', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='OrderTaxIdentity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('company_name', models.CharField(blank=True, max_length=255, verbose_name='company name')),
                ('vat_number', models.CharField(blank=True, max_length=32, verbose_name='VAT number')),
                ('vat_state', models.CharField(blank=True, choices=[('valid', 'Valid'), ('invalid', 'Invalid'), ('unavailable', 'Registry not available'), ('unsupported', 'Not checked by a registry')], max_length=16, verbose_name='state')),
                ('vat_checked_at', models.DateTimeField(blank=True, null=True, verbose_name='checked')),
                ('consultation_number', models.CharField(blank=True, max_length=64, verbose_name='consultation number')),
                ('is_exempt', models.BooleanField(default=False, verbose_name='tax exempt')),
                ('exemption_reason', models.CharField(blank=True, max_length=255, verbose_name='reason')),
                ('country_code', models.CharField(blank=True, max_length=2, verbose_name='country')),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='tax_identity', to='order.order', verbose_name='order')),
                ('exemption', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='order_identities', to='oscar_customers_ext.taxexemption', verbose_name='tax exemption')),
            ],
            options={
                'verbose_name': 'tax identity of an order',
                'verbose_name_plural': 'tax identities of orders',
            },
        ),
        migrations.CreateModel(
            name='ExportProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('format', models.CharField(choices=[('csv', 'CSV'), ('tsv', 'TSV'), ('xlsx', 'Excel (XLSX)'), ('ods', 'OpenDocument (ODS)'), ('json', 'JSON'), ('yaml', 'YAML')], default='xlsx', help_text='Excel, LibreOffice and Google Sheets open XLSX without a question.', max_length=8, verbose_name='format')),
                ('delimiter', models.CharField(choices=[(',', 'Comma'), (';', 'Semicolon')], default=',', help_text='Excel expects a semicolon where numbers have a decimal comma, as in Italy.', max_length=1, verbose_name='delimiter of CSV')),
                ('with_bom', models.BooleanField(default=True, help_text='Both are written in UTF-8. Excel needs the mark to read accented letters.', verbose_name='byte-order mark in CSV and TSV')),
                ('dates', models.CharField(choices=[('iso', '2026-12-31 (ISO)'), ('day', '31/12/2026'), ('month', '12/31/2026')], default='iso', max_length=8, verbose_name='dates')),
                ('columns', models.JSONField(blank=True, default=list, verbose_name='columns')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('is_shared', models.BooleanField(default=False, verbose_name='everybody may use it')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
            ],
            options={
                'verbose_name': 'export profile',
                'verbose_name_plural': 'export profiles',
                'ordering': ['name', 'pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='export_profile_of_owner_once')],
            },
        ),
        migrations.CreateModel(
            name='ExternalId',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=64, verbose_name='source')),
                ('value', models.CharField(max_length=255, verbose_name='number there')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='external_ids', to='oscar_customers_ext.customer', verbose_name='customer')),
            ],
            options={
                'verbose_name': 'number in another system',
                'verbose_name_plural': 'numbers in other systems',
                'constraints': [models.UniqueConstraint(fields=('source', 'value'), name='external_id_once')],
            },
        ),
        migrations.CreateModel(
            name='GroupOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offer_links', to='oscar_customers_ext.customergroup', verbose_name='customer group')),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='group_links', to='offer.conditionaloffer', verbose_name='offer')),
            ],
            options={
                'verbose_name': 'discount of a group',
                'verbose_name_plural': 'discounts of groups',
                'constraints': [models.UniqueConstraint(fields=('group', 'offer'), name='offer_of_group_once')],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_forecast', models.BooleanField(verbose_name='from the dry run')),
                ('number', models.PositiveIntegerField(verbose_name='row')),
                ('outcome', models.CharField(choices=[('created', 'New'), ('updated', 'Changed'), ('unchanged', 'Unchanged'), ('skipped', 'Skipped'), ('failed', 'Failed')], max_length=16, verbose_name='outcome')),
                ('message', models.TextField(blank=True, verbose_name='message')),
                ('column', models.CharField(blank=True, max_length=255, verbose_name='column')),
                ('is_noted', models.BooleanField(default=False, editable=False)),
                ('changes', models.JSONField(default=dict, verbose_name='changes')),
                ('made', models.JSONField(default=dict, editable=False)),
                ('cells', models.JSONField(default=list, verbose_name='cells')),
                ('email_digest', models.CharField(blank=True, editable=False, max_length=16)),
                ('id_digest', models.CharField(blank=True, editable=False, max_length=16)),
                ('undone', models.CharField(blank=True, choices=[('wholly', 'Taken back'), ('partly', 'Partly taken back'), ('left', 'Left as it is')], max_length=16, verbose_name='taken back')),
                ('undo_message', models.TextField(blank=True, verbose_name='left')),
                ('is_left', models.BooleanField(default=False, editable=False)),
                ('customer', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='import_rows', to='oscar_customers_ext.customer', verbose_name='customer')),
                ('job', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='oscar_customers_ext.importjob', verbose_name='import')),
            ],
            options={
                'verbose_name': 'row of an import',
                'verbose_name_plural': 'rows of imports',
                'ordering': ['number'],
                'indexes': [models.Index(fields=['job', 'is_forecast', 'outcome', 'number'], name='import_row_outcome'), models.Index(fields=['customer', 'job', 'is_forecast'], name='import_row_customer'), models.Index(condition=models.Q(('is_noted', True)), fields=['job', 'is_forecast', 'number'], name='import_row_noted'), models.Index(condition=models.Q(('is_left', True)), fields=['job', 'is_forecast', 'number'], name='import_row_left'), models.Index(fields=['job', 'is_forecast', 'email_digest'], name='import_row_email'), models.Index(fields=['job', 'is_forecast', 'id_digest'], name='import_row_id')],
                'constraints': [models.UniqueConstraint(fields=('job', 'is_forecast', 'number'), name='import_row_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='taxexemption',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_until__isnull', True), ('valid_from__lte', models.F('valid_until')), _connector='OR'), name='tax_exemption_begins_before_it_ends'),
        ),
    ]
