#!/usr/bin/perl
# man.t - the man pages are mdoc that mandoc has nothing to say about, and have the sections a reader looks for.
use strict;
use warnings;
use lib 'tests/lint';
use Lint;

my @sections = ('NAME', 'SYNOPSIS', 'DESCRIPTION', 'EXIT STATUS', 'EXAMPLES', 'SEE ALSO');
my @of_a_language = ('NAME', 'DESCRIPTION', 'LIMITS', 'SEE ALSO'); # section 7: nothing is run
my @pages = tracked(qr{^doc/man/.*\.[1-9]$});
skip_all('mandoc is not installed') unless have('mandoc');
plan(2);
my (@said, @missing);
for my $page (@pages) {
    # A page of ours that is not installed yet is no fault of the reference.
    push @said, map { s/\n//r } grep { !/STYLE: referenced manual not found: Xr weft/ } `mandoc -Tlint '$page' 2>&1`;
    my $text = slurp($page);
    push @missing, map { "$page: $_" } grep { $text !~ /^\.Sh "?\Q$_\E"?$/m } $page =~ /7$/ ? @of_a_language : @sections;
}
rule('mandoc -Tlint is silent', @said);
rule("every page has @{[join ', ', @sections]}, or what its section wants", @missing);
