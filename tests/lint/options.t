#!/usr/bin/perl
# options.t - `PROGRAM --help` and the man page name the same options.
use strict;
use warnings;
use lib 'tests/lint';
use Lint;

my %page = (weft => 'doc/man/weft.1', 'weft-indexer' => 'doc/man/weft-indexer.1', 'weft-searchd' => 'doc/man/weft-searchd.8');

# Options of --help: each line of the list starts with white space and a dash; what follows two spaces is prose.
sub in_help {
    my ($help) = @_;
    my %found;
    for my $line (split /\n/, $help) {
        next unless $line =~ /^\s+(-.*?)(?:\s{2,}|\t|$)/;
        my $names = $1;
        $found{$1} = 1 while $names =~ /(?<![\w-])(--?[A-Za-z][\w-]*)/g;
    }
    return %found;
}

# Options of the man page: the tags of its lists, where each is explained. A mention elsewhere is not enough.
# In mdoc `Fl a , -long` is two options: punctuation does not end the macro, a word with a capital does.
sub in_page {
    my ($text) = @_;
    my %found;
    for my $line ($text =~ /^\.It (Fl .*)$/mg) {
        my $option = 0;
        for my $word (split ' ', $line =~ s/\\-/-/gr) {
            if ($word =~ /^[A-Z][a-z]$/) {
                $option = $word eq 'Fl';
            } elsif ($option && $word =~ /^-?[A-Za-z][\w-]*$/) {
                $found{"-$word"} = 1;
            }
        }
    }
    return %found;
}

my @programs = sort keys %page;
plan(scalar @programs);
for my $program (@programs) {
    my $path = build_dir() . "/$program";
    my $name = "$program --help = $page{$program}";
    my $help = -x $path ? `'$path' --help 2>/dev/null </dev/null` : '';
    if ($help eq '') {
        skip_rule($name, "$path --help prints nothing");
        next;
    }
    if (!-f $page{$program}) {
        rule($name, "no $page{$program}");
        next;
    }
    my %help = in_help($help);
    my %page_options = in_page(slurp($page{$program}));
    rule($name, (map { "$_ is in --help only" } sort grep { !$page_options{$_} } keys %help),
        (map { "$_ is in the man page only" } sort grep { !$help{$_} } keys %page_options),
        %help ? () : '--help lists no option');
}
