"""A reviewer may ask the employee who opened a card; the openings of one employee are found by an index."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0004_second_factor_by_role'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OpeningQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=300, verbose_name='question')),
                ('asked_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, max_length=300, verbose_name='answer')),
                ('answered_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name='opening',
            index=models.Index(condition=models.Q(('opens_until__isnull', False)), fields=['by', '-at'], name='opening_act_of'),
        ),
        migrations.AddField(
            model_name='openingquestion',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='openingquestion',
            name='opening',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='access.opening'),
        ),
        migrations.AddConstraint(
            model_name='openingquestion',
            constraint=models.CheckConstraint(condition=models.Q(('question', ''), _negated=True), name='opening_question_is_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='openingquestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='opening_question_answer_is_dated'),
        ),
        migrations.AddConstraint(
            model_name='openingquestion',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('opening',), name='opening_question_one_at_a_time'),
        ),
    ]
