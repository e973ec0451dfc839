# Measure.pm - what programs cost: wall clock, processor, memory, bytes on disk; and percentiles.
package Measure;
use strict;
use warnings;
use Exporter 'import';
use File::Find ();
use POSIX ();
use Time::HiRes qw(sleep time);
our @EXPORT = qw(measured tree_cpu tree_rss bytes_of percentile);

my $running;    # the program that is measured: it ends when this one does
END { kill('TERM', $running) if $running }

my $TICKS = POSIX::sysconf(POSIX::_SC_CLK_TCK());

# A process and all below it.
sub tree {
    my @all = @_;
    for (my $i = 0; $i < @all; $i++) {
        for my $list (glob "/proc/$all[$i]/task/*/children") {
            open(my $fh, '<', $list) or next;
            push @all, split ' ', scalar(<$fh>) // '';
        }
    }
    return @all;
}

sub first_line {
    my ($path) = @_;
    open(my $fh, '<', $path) or return '';
    return scalar(<$fh>) // '';
}

# Seconds of processor of a process, all below it, and those of them that ended.
sub tree_cpu {
    my ($pid) = @_;
    my $ticks = 0;
    for my $p (tree($pid)) {
        my @f = split ' ', first_line("/proc/$p/stat") =~ s/^.*\)//sr;
        $ticks += $f[11] + $f[12] + $f[13] + $f[14] if @f > 14;
    }
    return $ticks / $TICKS;
}

# Megabytes that a process and all below it hold in memory; pages of files are not counted.
sub tree_rss {
    my ($pid) = @_;
    my $pages = 0;
    for my $p (tree($pid)) {
        my @f = split ' ', first_line("/proc/$p/statm");
        $pages += $f[1] - $f[2] if @f > 2;
    }
    return $pages * POSIX::sysconf(POSIX::_SC_PAGESIZE()) / 1e6;
}

# Run a program to its end: {wall, cpu, rss, status}. Its output goes to the log.
sub measured {
    my ($log, @command) = @_;
    my ($start, @before) = (time, times);
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        open(STDOUT, '>>', $log) && open(STDERR, '>&', \*STDOUT) or POSIX::_exit(126);
        exec(@command) or POSIX::_exit(127);
    }
    $running = $pid;
    my $rss = 0;
    until (waitpid($pid, POSIX::WNOHANG()) == $pid) {
        my $now = tree_rss($pid);
        $rss = $now if $now > $rss;
        sleep 0.005;
    }
    undef $running;
    my ($status, $end, @after) = ($?, time, times);
    return {wall => $end - $start, cpu => $after[2] + $after[3] - $before[2] - $before[3], rss => $rss, status => $status};
}

sub bytes_of {
    my ($path) = @_;
    my $bytes = 0;
    File::Find::find({no_chdir => 1, wanted => sub { $bytes += -s _ if -f $_ && !-l $_ }}, $path);
    return $bytes;
}

# The value that so many percent are at most; of none, undef.
sub percentile {
    my ($percent, @values) = @_;
    return undef unless @values;
    @values = sort { $a <=> $b } @values;
    my $at = POSIX::ceil($percent / 100 * @values) - 1;
    return $values[$at < 0 ? 0 : $at];
}

1;
