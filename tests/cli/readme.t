#!/usr/bin/perl
# readme.t - every ```sh block of README.md runs as it stands, in a copy of the tree, and prints what README.md says.
#
# A ```text block right after a ```sh block is its output, line by line; a line "..." stands for any lines, and "..."
# inside a line for any text. The copy has no build directory: the programs come from PATH.
use strict;
use warnings;
use Cwd qw(getcwd abs_path);
use File::Temp qw(tempdir);

my $build = abs_path($ENV{B} || 'build');
my $tree = tempdir(CLEANUP => 1);

# [line, script, expected output or undef] of each block.
sub blocks {
    my ($text) = @_;
    my @found;
    while ($text =~ /^```(\w*)\n(.*?)^```\n(\n?)/gms) {
        my ($language, $body, $at) = ($1, $2, $-[0]);
        if ($language eq 'sh') {
            push @found, [1 + (substr($text, 0, $at) =~ tr/\n//), $body, undef, pos $text];
        } elsif ($language eq 'text' && @found && $found[-1][3] == $at) {
            $found[-1][2] = $body;
        }
    }
    return @found;
}

# Lines of the output that README.md promises and that do not come, in order.
sub missing {
    my ($wanted, $output) = @_;
    my @got = split /\n/, $output;
    my $skip = 0;
    for my $line (split /\n/, $wanted) {
        if ($line eq '...') {
            $skip = 1;
            next;
        }
        my $pattern = join '.*', map { quotemeta } split /\.\.\./, $line =~ s/\s+$//r, -1;
        shift @got while $skip && @got && $got[0] !~ /^$pattern\s*$/;
        return $line if !@got || $got[0] !~ /^$pattern\s*$/;
        shift @got;
        $skip = 0;
    }
    return @got && !$skip ? "(no more, but got: $got[0])" : ();
}

open(my $fh, '<:raw', 'README.md') or die "README.md: $!\n";
my @blocks = do { local $/; blocks(scalar <$fh>) };
print '1..', 1 + @blocks, "\n";
print @blocks ? 'ok' : 'not ok', " 1 - README.md has commands to run\n";

my $list = -e '.git' ? 'git ls-files -z --cached --others --exclude-standard' : "find . -path './build*' -prune -o -type f -print0";
system('sh', '-c', "$list | tar -cf - --null -T - 2>/dev/null | tar -xf - -C '$tree'") == 0 or die "copying the tree failed\n";
$ENV{PATH} = "$build:$ENV{PATH}";
delete @ENV{qw(B MAKEFLAGS MFLAGS MAKELEVEL WEFT_SERVER WEFT_INDEX)};
my $home = getcwd();
chdir $tree or die "$tree: $!\n";
my $n = 1;
for my $block (@blocks) {
    my ($line, $script, $wanted) = @$block;
    $n++;
    open(my $out, '>', "$tree/.script") or die "$!\n";
    print $out $script;
    close $out;
    my $output = `sh -eu .script 2>&1 </dev/null`;
    my $status = $? >> 8;
    my @missing = defined $wanted ? missing($wanted, $output) : ();
    print $status == 0 && !@missing ? 'ok' : 'not ok', " $n - README.md line $line\n";
    next if $status == 0 && !@missing;
    print "# exit status $status\n";
    print map { "# does not come: $_\n" } @missing;
    print map { "# | $_\n" } split /\n/, $output;
}
chdir $home;
