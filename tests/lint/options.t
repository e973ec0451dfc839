#!/usr/bin/perl
# options.t - the --help of a program and of its commands names the same options as its man page.
use strict;
use warnings;
use lib 'tests/lint';
use Lint;

my %page = (weft => 'doc/man/weft.1', 'weft-indexer' => 'doc/man/weft-indexer.1', 'weft-searchd' => 'doc/man/weft-searchd.8');

# What a program prints for --help, and each of its commands ("  build   text" in the list of commands).
sub help_of {
    my ($path) = @_;
    my $help = -x $path ? `'$path' --help 2>/dev/null </dev/null` : '';
    my @commands = $help =~ /^ {1,4}([a-z]+)(?: {2,}| [A-Z<\[-])/mg;
    return join '', $help, map { `'$path' '$_' --help 2>/dev/null </dev/null` } @commands;
}

# Options in it: each line of a list starts with white space and a dash; what follows two spaces is prose.
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
    my $help = help_of($path);
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
