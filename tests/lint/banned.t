#!/usr/bin/perl
# banned.t - functions that invite a bug are not called, and every .c file includes banned.h last.
use strict;
use warnings;
use lib 'tests/lint';
use Lint;

my @banned = qw(strcpy strcat strncpy strncat sprintf vsprintf strtok sscanf atoi atol atof gets gmtime localtime alloca
    system popen);
my $call = join '|', @banned;
my (@calls, @order, @poison);

for my $file (tracked(qr/\.(?:c|h|cc|hh)$/)) {
    my $text = slurp($file);
    my $code = bare_code($text);
    push @calls, "$file:" . line_of($code, $-[1]) . ": $1" while $code =~ /(?<![\w.>:])((?:$call))\s*\(/g;
    next unless $file =~ /\.c$/;
    my @includes = $text =~ /^\s*#\s*include\s+([<"][^>"]+[>"])/mg;
    next if !@includes && $file =~ m{(?:^|/)main\.c$};
    push @order, "$file: the last include is " . ($includes[-1] // 'none')
        unless @includes && $includes[-1] =~ m{^"(?:.*/)?banned\.h"$};
}
# The compiler refuses what banned.h poisons; names it cannot poison (the headers of the system use them) are this test's.
if (-f 'lib/base/banned.h') {
    my $header = slurp('lib/base/banned.h') =~ s/\\\n/ /gr;
    my %poisoned = map { $_ => 1 } map { split ' ' } $header =~ /^#pragma GCC poison\s+(.*)$/mg;
    @poison = map { "lib/base/banned.h poisons $_, which this test does not know" } grep { my $n = $_; !grep { $_ eq $n } @banned } sort keys %poisoned;
}
plan(3);
rule('no banned function is called', @calls);
rule('every .c file includes banned.h last', @order);
rule('banned.h and this test know the same names', @poison);
