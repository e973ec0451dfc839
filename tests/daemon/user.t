#!/usr/bin/perl
# user.t - the account the daemon runs as, and an index it can only read.
use strict;
use warnings;
use lib 'tests/daemon';
use File::Temp ();
use POSIX ();
use Test::More;
use Weft;

plan skip_all => 'only root can change to another account' if $> != 0;
my ($name, undef, $uid, $gid) = getpwnam('nobody');
plan skip_all => 'no account "nobody" here' unless defined $uid;

sub status_of {
    my ($pid) = @_;
    open(my $fh, '<', "/proc/$pid/status") or return {};
    return {map { /^(\w+):\s*(.*)$/ ? ($1 => $2) : () } <$fh>};
}

# Without --user root stays, with a word about it; a pipe never changes the user.
my $d = Weft->start;
is(() = $d->log =~ /level=warn event=runs_as_root action=staying/g, 1, 'started as root: one warning');
like(status_of($d->{pid})->{Uid}, qr/^0\s+0\s+0\s+0$/, '... and it stays root');
$d->stop;

# With --user: every id is the account's, in the loop and in the workers, and no capability is left.
my $dir = Weft::index_of(qq({"type":"article","id":"a1","title":"Dredging of the harbour"}\n));
chmod 0755, "$dir";
my $box = File::Temp->newdir;
chmod 0755, "$box";
$d = Weft->start(index => "$dir/index", listen => ["unix:$box/s", '127.0.0.1:0'], args => ['--user', $name, '--workers', 2]);
$d->{socket} = "$box/s";
is($d->ask('count -- dredging')->{total}{hits}, 1, 'it answers');
for my $pid ($d->{pid}, $d->workers) {
    my $s = status_of($pid);
    my $who = $pid == $d->{pid} ? 'the loop' : 'a worker';
    is_deeply([split ' ', $s->{Uid}], [($uid) x 4], "$who: uid in every form");
    is_deeply([split ' ', $s->{Gid}], [($gid) x 4], "$who: gid in every form");
    is_deeply([grep { $_ != $gid } split ' ', $s->{Groups}], [], "$who: none of root's groups");
    is_deeply([grep { !/^0+$/ } @$s{qw(CapPrm CapEff CapInh CapAmb)}], [], "$who: no capability");
}
is_deeply([(stat "$box/s")[4, 5]], [$uid, $gid], "the socket's file is the account's");
my @old = $d->workers;
kill('KILL', $old[0]);
$d->wait_log(qr/event=worker_died/);
Weft::wait_for(sub { (grep { $_ != $old[0] } $d->workers) == 2 }, 'a new worker');
is_deeply([grep { (split ' ', status_of($_)->{Uid} // '')[0] != $uid } $d->workers], [], 'a replaced worker too');
kill('HUP', $d->{pid});
$d->wait_log(qr/event=reopening/);
is($d->ask('count -- dredging')->{total}{hits}, 1, 'it still answers after SIGHUP');
is($d->stop, 0, 'exit 0');

# Root's own file of tokens is read before.
open(my $fh, '>', "$box/tokens") or die;
print $fh "root-reads-this-one\n";
close $fh;
chmod 0600, "$box/tokens";
$d = Weft->start(index => "$dir/index", listen => ['127.0.0.1:0'], args => ['--user', $name, '--token-file', "$box/tokens"]);
my $c = $d->connect(($d->addresses)[0]);
$c->send("auth token=root-reads-this-one\n");
ok($c->reply->{ok}, 'a token file that only root reads');
kill('HUP', $d->{pid});
$d->wait_log(qr/event=tokens_not_read .* action=kept/);
$c = $d->connect(($d->addresses)[0]);
$c->send("auth token=root-reads-this-one\n");
ok($c->reply->{ok}, '... which SIGHUP cannot read any more: the tokens are kept');
$d->stop;

# Whom it cannot become.
my @wrong = (
    ['no-such-account', 2, qr/--user 'no-such-account': no account has this name/],
    ['root', 2, qr/--user 'root': that is root's account/],
);
for my $row (@wrong) {
    my ($who, $status, $pattern) = @$row;
    my $bad = Weft->start(args => ['--user', $who], wait => 0);
    is($bad->wait_end, $status, "--user $who: exit $status");
    like($bad->log, $pattern, '... by name');
}
my $become = sub { $) = "$gid $gid"; POSIX::setgid($gid); POSIX::setuid($uid) };
chmod 0755, "$Weft::INDEX";
my @accounts = grep { $_ } map { getpwnam($_) ? $_ : () } qw(daemon bin);
SKIP: {
    skip 'no second account here', 2 unless @accounts;
    my $bad = Weft->start(args => ['--user', $accounts[0]], wait => 0, before => $become);
    is($bad->wait_end, 2, 'another account than root: exit 2');
    like($bad->log, qr/--user '$accounts[0]': only root can change to it/, '... by name');
}
chmod 0777, "$box";
my $same = Weft->start(listen => ["unix:$box/same"], args => ['--user', $name], before => $become);
is($same->stop, 0, 'to name the account it is changes nothing');
my $pipe = Weft->start(listen => [], args => ['--stdio', '--user', $name], wait => 0);
is($pipe->wait_end, 2, '--stdio never changes the user: exit 2');

# An index the account may not read.
for my $row (["$dir/index/gen-1/postlist.glass", 0600], ["$dir/index/gen-1", 0700], ["$dir/index", 0700], ["$dir", 0700]) {
    my ($path, $mode) = @$row;
    my $before = (stat $path)[2] & 07777;
    chmod $mode, $path;
    my $bad = Weft->start(index => "$dir/index", args => ['--user', $name], wait => 0);
    is($bad->wait_end, 3, 'an index it may not read: exit 3');
    my $shown = $path eq "$dir" ? "$dir/index" : $path;
    like($bad->log, qr/^weft-searchd: '\Q$shown\E' cannot be read by $name: Permission denied$/m, "... says which file of it");
    chmod $before, $path;
}

# Nothing is written there: an index without any write permission, read by another than its owner.
system('chmod', '-R', 'a-w', "$dir/index") == 0 or die "chmod\n";
my $before = join "\n", `find $dir/index -printf '%p %s %T@ %C@\\n' | sort`;
$d = Weft->start(index => "$dir/index", listen => ["unix:$box/ro"], args => ['--user', $name, '--workers', 2]);
$d->{socket} = "$box/ro";
is($d->ask('search -- dredging')->{hits}[0]{ref}, 'article:a1', 'a directory without write permission: search');
is($d->ask('get ref=article:a1')->{doc}{title}, 'Dredging of the harbour', '... get');
is($d->ask('thread ref=article:a1')->{article}{ref}, 'article:a1', '... thread');
is($d->ask('status')->{articles}, 1, '... status');
is($d->stop, 0, 'exit 0');
is(join("\n", `find $dir/index -printf '%p %s %T@ %C@\\n' | sort`), $before, '... and nothing in it has changed');
system('chmod', '-R', 'u+w', "$dir/index");
SKIP: {
    my $mount = File::Temp->newdir;
    skip 'no file system can be mounted here', 2
        unless system("mount --bind $dir/index $mount 2>/dev/null && mount -o remount,bind,ro $mount 2>/dev/null") == 0;
    my $ro = Weft->start(index => "$mount");
    is($ro->ask('count -- harbour')->{total}{hits}, 1, 'an index mounted read-only');
    is($ro->stop, 0, 'exit 0');
    system('umount', "$mount");
}
done_testing;
