#!/usr/bin/perl
# sandbox.t - what a worker may ask of the kernel: the command `test` tries what foreign code in a worker would.
use strict;
use warnings;
use lib 'tests/daemon';
use Errno qw(EPERM EACCES);
use File::Temp ();
use Test::More;
use Weft;

my $dir = File::Temp->newdir;
open(my $fh, '>', "$dir/file") or die "$dir: $!\n";
print $fh 'as it was';
close $fh;
sub tried { my ($d, $act, $path) = @_; return $d->ask("test act=$act -- " . ($path // 'x')) }
sub content { open(my $in, '<', "$dir/file") or return 'gone'; return scalar <$in> }

# Without the sandbox all of it works: the tests below mean something.
my $free = Weft->start(args => ['--workers', 1, '--no-sandbox']);
unlike($free->log, qr/event=sandbox/, '--no-sandbox');
for my $row (['open', "$dir/file"], ['read', "$dir/file"], ['socket'], ['fork'], ['signal'], ['map']) {
    my $r = tried($free, @$row);
    is($r->{errno}, 0, "... $row->[0] works");
}
is(tried($free, 'exec')->{error}{code}, 'internal', '... exec replaces the worker');
like($free->wait_log(qr/event=worker_died.*/) && $free->log, qr/event=worker_died pid=\d+ req=\d+ status=0/, '... which then ends as that program does');
is($free->stop, 0, 'exit 0');

my $d = Weft->start(args => ['--workers', 1]);
if ($d->log !~ /event=sandbox calls=few/) {
    my $said = $d->log =~ /event=sandbox_refused/ ? 'this kernel takes no filter' : 'built with a sanitizer, the daemon has no sandbox';
    is($d->stop, 0, $said);
    done_testing;
    exit 0;
}
pass('it is in the sandbox');

# Refused: the worker lives on and says so.
my $pid = tried($d, 'read', "$dir/file");
is($pid->{errno}, 0, 'reading a file is allowed');
for my $row (['open', "$dir/file"], ['open', "$dir/new"], ['unlink', "$dir/file"], ['signal'], ['map']) {
    my ($act, $path) = @$row;
    my $r = tried($d, $act, $path);
    ok($r->{errno} == EPERM || $r->{errno} == EACCES, "$act " . ($path ? 'of a file' : '') . ' is refused');
    is($r->{pid}, $pid->{pid}, '... by the same worker');
}
is(content(), 'as it was', 'the file is as it was');
ok(!-e "$dir/new", '... and no other was made');

# No business of a worker at all: it is killed, the request gets an error, the next one an answer.
for my $act (qw(socket exec fork trace)) {
    my $before = () = $d->log =~ /signal=31 action=replaced/g;
    is(tried($d, $act)->{error}{code}, 'internal', "$act kills the worker");
    Weft::wait_for(sub { (() = $d->log =~ /signal=31 action=replaced/g) > $before }, 'the death in the log');
    is($d->ask('test id=1')->{id}, 1, '... and the daemon lives on');
}
is(tried($d, 'abort')->{error}{code}, 'internal', 'a worker may still abort');
$d->wait_log(qr/event=worker_died pid=\d+ req=\d+ signal=6 /);
is($d->ask('test id=2')->{id}, 2, '... and is replaced');

# What it inherits: three standard descriptors and its own socket, no new privileges, no core.
my ($worker) = Weft::wait_for(sub { my @w = $d->workers; @w == 1 ? $w[0] : 0 }, 'the worker');
is($d->descriptors($worker), 4, 'four descriptors');
open(my $status, '<', "/proc/$worker/status") or die "status: $!\n";
my %status = map { /^(\w+):\s*(.*)$/ ? ($1 => $2) : () } <$status>;
is($status{NoNewPrivs}, 1, 'no new privileges');
is($status{Seccomp}, 2, 'a filter');
open(my $limits, '<', "/proc/$worker/limits") or die "limits: $!\n";
like(join('', <$limits>), qr/^Max core file size\s+0\s+0\s/m, 'no core dumps');
open($status, '<', "/proc/$d->{pid}/status") or die "status: $!\n";
%status = map { /^(\w+):\s*(.*)$/ ? ($1 => $2) : () } <$status>;
is($status{Seccomp}, 0, 'the loop itself has none');
is($d->stop, 0, 'exit 0');

# A kernel that refuses: one warning, and it serves.
SKIP: {
    my $strace = `strace -V 2>/dev/null`;
    skip 'no strace here', 4 unless $strace;
    my $refused = Weft->start(program => 'strace', wait => 0, listen => [], args => [], before => sub {
        exec('strace', '-D', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=seccomp', '-e', 'inject=seccomp:error=EINVAL',
            "$Weft::B/tests/weft-searchd-test", '-i', "$Weft::INDEX", '--listen', "unix:$dir/s", '--workers', 2) });
    $refused->wait_log(qr/event=listening/);
    $refused->{socket} = "$dir/s";
    is(() = $refused->log =~ /level=warn event=sandbox_refused /g, 1, 'a kernel without filters: one warning');
    is(tried($refused, 'socket')->{errno}, 0, '... and it serves');
    my $r = tried($refused, 'open', "$dir/file");
    my $has = $refused->log =~ /files=read_only/;
    is($r->{errno}, $has ? EACCES : 0, $has ? '... what is left still keeps files as they are' : '... as it can');
    is($refused->stop, 0, 'exit 0');
}
done_testing;
