#!/usr/bin/perl
# tables.t - each row of the tables of formats, commands and fields is documented where its user looks.
use strict;
use warnings;
use lib 'tests/lint';
use Lint;

# [what, the file with the table, first words of a row, the documents].
my @tables = (
    ['format', 'indexer/formats.c', qr/^\s*(?:\[\w+\]\s*=\s*)?\{\s*(?:\.name\s*=\s*)?"([\w-]+)"/m,
        'doc/formats.md', 'doc/man/weft-indexer.1'],
    ['command', 'searchd/commands.c', qr/^\s*(?:\[\w+\]\s*=\s*)?\{\s*(?:\.name\s*=\s*)?"(\w+)"/m, 'doc/protocol.md'],
    ['field', 'lib/schema/fields.c', qr/^\s*(?:\[\w+\]\s*=\s*)?\{\s*(?:\.name\s*=\s*)?"([\w-]+)"/m, 'doc/query-language.md'],
);
plan(scalar @tables);
for my $table (@tables) {
    my ($what, $file, $row, @documents) = @$table;
    my $name = "each row of $file is documented";
    if (!-f $file) {
        skip_rule($name, "no $file");
        next;
    }
    my @rows = slurp($file) =~ /$row/g;
    my $text = join "\n", map { -f $_ ? slurp($_) : '' } @documents;
    my $shown = $what eq 'field' ? sub { $text =~ /\b\Q$_[0]\E:/ } : sub { $text =~ /(?<![\w-])\Q$_[0]\E(?![\w-])/ };
    my %times;
    my @twice = map { "$what $_ is there twice" } grep { $times{$_}++ == 1 } $what eq 'command' ? () : @rows;
    rule($name, @rows ? () : "no row found in $file", @twice, map { "$what $_ is not in @documents" } grep { !$shown->($_) } @rows);
}
