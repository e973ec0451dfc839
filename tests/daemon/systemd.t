#!/usr/bin/perl
# systemd.t - the units: systemd reads them without a word, they leave little of the machine open, and what they say of the
# sockets and of reloading is what the daemon does.
use strict;
use warnings;
use lib 'tests/daemon';
use Cwd qw(getcwd);
use File::Temp ();
use Test::More;
use Weft;

my @units = qw(weft-searchd.service weft-searchd.socket weft-searchd-http.socket);
my ($dir, %unit) = (File::Temp->newdir);
for my $name (@units) {
    open(my $in, '<', "contrib/systemd/$name") or die "$name: $!\n";
    $unit{$name} = do { local $/; <$in> };
    my $program = getcwd() . "/$Weft::B/weft-searchd";
    $program = "$Weft::B/weft-searchd" if $Weft::B =~ m{^/};
    open(my $out, '>', "$dir/$name") or die "$dir: $!\n";
    print $out $unit{$name} =~ s{/usr/local/bin/weft-searchd}{$program}r;
    close $out;
}
my $service = $unit{'weft-searchd.service'};

# The sockets carry the names by which the daemon tells lines from HTTP (restart.t hands them over by these).
like($unit{'weft-searchd.socket'}, qr/^FileDescriptorName=lines$/m, 'the socket of lines has its name');
like($unit{'weft-searchd-http.socket'}, qr/^FileDescriptorName=http$/m, 'the socket of HTTP has its name');
like($service, qr/^Sockets=weft-searchd\.socket weft-searchd-http\.socket$/m, 'the service gets both');
like($service, qr/^Type=notify$/m, 'it says when it is ready');
like($service, qr{^ExecReload=/bin/kill -HUP \$MAINPID$}m, 'a reload is SIGHUP');

# The options it is started with are options it has.
my ($line) = $service =~ m{^ExecStart=/usr/local/bin/weft-searchd (.*)$}m;
my $help = `$Weft::B/weft-searchd --help`;
is_deeply([grep { $help !~ /\s\Q$_\E\b/ } $line =~ /(--[\w-]+)/g], [], "the command line is understood: $line");

SKIP: {
    my ($version) = `systemd-analyze --version 2>/dev/null` =~ /^systemd (\d+)/ or skip 'no systemd-analyze here', 3;
    mkdir "$dir/man8" or die;
    system('cp', 'doc/man/weft-searchd.8', "$dir/man8") == 0 or die;
    local $ENV{MANPATH} = "$dir:";
    my @paths = map { "$dir/$_" } @units;
    my $said = `systemd-analyze verify @paths 2>&1`;
    $said = join '', grep { !/^weft-searchd\.service: Command 'man / } map { "$_\n" } split /\n/, $said;    # without man-db
    is($said, '', 'systemd-analyze verify says nothing');
    skip "systemd $version cannot judge a file", 2 if $version < 250;
    my $judged = `systemd-analyze security --offline=true --no-pager $dir/weft-searchd.service 2>&1`;
    my ($exposure) = $judged =~ /Overall exposure level for \S+: (\d+\.\d)/;
    ok(defined $exposure, 'systemd-analyze security judges it') or diag($judged);
    cmp_ok($exposure // 10, '<=', 2.0, "... an exposure of at most 2.0");
}

# What the unit's filter of system calls allows is all the daemon and its workers ask for.
SKIP: {
    skip 'no systemd-analyze here', 2 unless `systemd-analyze --version 2>/dev/null`;
    skip 'no strace here', 2 unless `strace -V 2>/dev/null`;
    skip 'built with a sanitizer', 2 if `ldd $Weft::B/weft-searchd 2>/dev/null` =~ /libasan/;
    my (%set, $group);
    for (`systemd-analyze syscall-filter 2>/dev/null`) {
        if (/^(\@\S+)/) { $group = $1 }
        elsif (/^\s+([@\w][\w-]*)/) { $set{$group}{$1} = 1 }
    }
    my (%seen, %may);
    my $add;
    $add = sub {
        my ($name, $on) = @_;
        if ($name !~ /^\@/) { $on ? $may{$name} = 1 : delete $may{$name}; return }
        $add->($_, $on) for keys %{$set{$name} || {}};
    };
    for my $list ($service =~ /^SystemCallFilter=(.*)$/mg) {
        my $on = $list !~ s/^~//;
        $add->($_, $on) for split ' ', $list;
    }
    $add->('@default', 1);
    ok($may{read} && !$may{ptrace} && !$may{mount}, 'the filter of the unit is understood');
    my $index = Weft::index_of(qq({"type":"article","id":"a1","title":"Dredging"}\n));
    my $d = Weft->start(wait => 0, listen => [], before => sub {
        exec('strace', '-D', '-f', '-qq', '-o', "$dir/calls", "$Weft::B/weft-searchd", '-i', "$index/index", '--listen', "unix:$dir/s", '--workers', 1) });
    $d->wait_log(qr/event=listening/);
    $d->{socket} = "$dir/s";
    $d->ask('search -- dredging');
    kill('HUP', $d->{pid});
    $d->wait_log(qr/event=reopening/);
    $d->ask('get ref=article:a1');
    $d->stop;
    my %asked;
    open(my $calls, '<', "$dir/calls") or die "calls: $!\n";
    my $main = 0;
    while (<$calls>) { $asked{$1} = 1 if /^\d+\s+([a-z_0-9]+)\(/ }
    is_deeply([sort grep { !$may{$_} } keys %asked], [], 'every system call it makes is in it');
}
done_testing;
