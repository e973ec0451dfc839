#!/usr/bin/perl
# length.t - files of at most 500 lines (headers 250), functions of at most 60.
#
# Relies on the layout that format.t holds: a function's body is the lines between a `{` and the next `}` in column 0.
use strict;
use warnings;
use lib 'tests/lint';
use Lint;

my ($file_max, $header_max, $function_max) = (500, 250, 60);

# [name, first line, length] of each function in bare code.
sub functions {
    my ($code) = @_;
    my (@found, $start, $head);
    my $at = 0;
    my $last = '';
    for my $line (split /\n/, $code) {
        $at++;
        if (!defined $start && $line =~ /^\{/) {
            ($start, $head) = ($at, $last);
        } elsif (defined $start && $line =~ /^\}/) {
            my ($name) = $head =~ /(\w+)\s*\([^()]*$/ ? $1 : $head =~ /(\w+)\s*\(/ ? $1 : '?';
            push @found, [$name, $start, $at - $start + 1];
            $start = undef;
            $last = '';
        }
        $last = $line =~ /^\s/ ? "$last $line" : $line if !defined $start && $line =~ /\S/ && $line !~ /^[{}#]/;
    }
    return @found;
}

my (@long_files, @long_headers, @long_functions);
for my $file (tracked(qr/(?:\.(?:c|cc|sh|pl|pm|t|h|hh)|^\.ci\/run)$/)) {
    my $text = slurp($file);
    my $lines = $text =~ tr/\n//;
    push @long_files, "$file: $lines lines" if $file !~ /\.hh?$/ && $lines > $file_max;
    push @long_headers, "$file: $lines lines" if $file =~ /\.hh?$/ && $lines > $header_max;
    next unless $file =~ /\.(?:c|cc|h|hh)$/;
    push @long_functions, map { "$file:$_->[1]: $_->[0] has $_->[2] lines" } grep { $_->[2] > $function_max } functions(bare_code($text));
}
plan(3);
rule("files have at most $file_max lines", @long_files);
rule("headers have at most $header_max lines", @long_headers);
rule("functions have at most $function_max lines", @long_functions);
