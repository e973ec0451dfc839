# Lint.pm - what the lints share: the list of files, source without comments and strings, one TAP line a rule.
#
# A lint prints its plan first, then one `rule` for each thing it checks; the offending lines become diagnostics.
package Lint;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT = qw(build_dir tracked slurp bare_code have rule skip_rule skip_all plan line_of class_bodies);

my $count = 0;
$| = 1;

sub build_dir { return $ENV{B} || 'build' }

# Files of the tree whose name matches; what git ignores (the build directory) is left out.
sub tracked {
    my ($pattern) = @_;
    my @files = split /\0/, `git ls-files -z --cached --others --exclude-standard 2>/dev/null`;
    @files = split /\0/, `find . -path './build*' -prune -o -type f -print0` unless @files;
    s{^\./}{} for @files;
    return sort grep { -f $_ && $_ =~ $pattern } @files;
}

sub slurp {
    my ($path) = @_;
    open(my $fh, '<:raw', $path) or die "$path: $!\n";
    local $/;
    return scalar(<$fh>) // '';
}

# C with the text of comments, strings and character constants blanked; every newline stays where it was.
sub bare_code {
    my ($code) = @_;
    my $blank = sub { (my $s = shift) =~ s/[^\n]/ /g; return $s };
    $code =~ s{(/\*.*?\*/)|(//[^\n]*)|("(?:[^"\\\n]|\\.)*")|('(?:[^'\\\n]|\\.)+')}
              { defined $3 ? '"' . $blank->(substr $3, 1, -1) . '"' : $blank->(defined $1 ? $1 : defined $2 ? $2 : $4) }gsex;
    return $code;
}

sub have {
    my ($program) = @_;
    return grep { -x "$_/$program" } split /:/, $ENV{PATH};
}

sub line_of {
    my ($text, $offset) = @_;
    return 1 + (substr($text, 0, $offset) =~ tr/\n//);
}

# Bodies of the classes in bare C++ whose bases match: [name, base, body, offset] each.
sub class_bodies {
    my ($code, $base) = @_;
    my @found;
    while ($code =~ /\b(?:class|struct)\s+(\w+)\s*(?:final\s*)?:\s*([^;{]*$base[^;{]*)\{/g) {
        my ($name, $bases, $start, $depth, $at) = ($1, $2, pos $code, 1, pos $code);
        while ($depth > 0 && substr($code, $at) =~ /([{}])/) {
            $at += $+[1];
            $depth += $1 eq '{' ? 1 : -1;
        }
        push @found, [$name, $bases, substr($code, $start, $at - $start), $start];
    }
    return @found;
}

sub plan { my ($n) = @_; print "1..$n\n"; return }

sub skip_all { my ($why) = @_; print "1..0 # SKIP $why\n"; exit 0 }

# One rule: it holds when nothing offends.
sub rule {
    my ($name, @offences) = @_;
    $count++;
    print @offences ? "not ok $count - $name\n" : "ok $count - $name\n";
    print map { "# $_\n" } map { split /\n/ } @offences;
    return;
}

sub skip_rule { my ($name, $why) = @_; $count++; print "ok $count - $name # SKIP $why\n"; return }

1;
