#!/usr/bin/perl
# client.t - weft on a socket: TCP, replies in pieces, servers that say nothing, half a line or too much.
use strict;
use warnings;
use File::Temp;
use Test::More;

my $weft = ($ENV{B} || 'build') . '/weft';
my $dir  = File::Temp->newdir;
delete @ENV{qw(WEFT_SERVER WEFT_INDEX NO_COLOR)};

# The exit status, stdout and stderr of weft with these arguments, against a server with these replies.
sub ask {
    my ($options, $replies, @arguments) = @_;
    open(my $fh, '>', "$dir/replies") or die $!;
    print $fh @$replies;
    close $fh;
    my $pid = fork() // die $!;
    if ($pid == 0) {
        open(STDOUT, '>', "$dir/out") or die $!;
        open(STDERR, '>', "$dir/err") or die $!;
        exec 'perl', 'tests/daemon/fake_server.pl', @$options, "$dir/replies", $weft, @arguments;
        die "perl: $!";
    }
    waitpid $pid, 0;
    my $status = $? >> 8;
    return ($status, map { open(my $in, '<', "$dir/$_") or die $!; local $/; scalar(<$in>) // '' } 'out', 'err');
}

my ($status, $out, $err) = ask(['--tcp'], [qq({"ok":true,"revision":7}\n)], 'status');
is("$status $out", "0 revision: 7\n", 'TCP');

($status, $out) = ask([], [qq(!split {"ok":true,"revision":7}\n)], 'status');
is("$status $out", "0 revision: 7\n", 'a reply byte by byte');

($status, $out) = ask([], [qq({"ok":true,"total":{"hits":1,"threads":1},"hits":[]}\n{"ok":true}\n)], 'count', 'x');
is("$status $out", "0 1 hit in 1 thread\n", 'what comes after the reply is left alone');

($status, $out, $err) = ask([], ["!silent\n"], 'status', '--timeout', '1');
is("$status $out", '3 ', 'a server that says nothing');
is($err, "weft: no reply within 1 s\n", '... is given up at the time-out');

($status, $out, $err) = ask([], ["!half {\"ok\":true\n"], 'status', '--json');
is("$status $out", '3 ', 'a reply without its line feed is none');
is($err, "weft: the server hung up before it answered\n", '... and says so');

# 8 MiB is the limit of a reply: a reply of just that is read, one byte more is refused.
my $limit = 8 * 1024 * 1024;
my $whole = '{"ok":true,"pad":"' . 'x' x ($limit - length('{"ok":true,"pad":""}')) . '"}';
is(length $whole, $limit, 'the reply is as long as may be');
($status, $out) = ask([], ["$whole\n"], 'status', '--json');
ok($status == 0 && $out eq "$whole\n", 'a reply of the longest length');
$whole =~ s/x"/xx"/;
($status, $out, $err) = ask([], ["$whole\n"], 'status', '--json');
is("$status $out", '3 ', 'one byte more is refused');
is($err, "weft: the server's reply is over $limit bytes\n", '... and says why');
($status, $out, $err) = ask([], ['!bytes ' . ($limit + 1) . "\n"], 'status');
is("$status $err", "3 weft: the server's reply is over $limit bytes\n", 'as is a line that never ends');

# The request line: 65,536 bytes go, one more does not. {"cmd":"search","q":"..."} is 23 bytes without the query.
my $longest = 65536 - 23;
($status) = ask([], [qq({"ok":true,"hits":[{}]}\n)], 'search', '-s', '/nonexistent/x', 'x');
is($status, 3, 'the address given goes before the environment');
($status, $out, $err) = ask(['--log', "$dir/requests"], [qq({"ok":true,"hits":[{}]}\n)], 'search', 'x' x $longest);
is($status, 0, 'the longest request');
is(-s "$dir/requests", 65537, '... has 65,536 bytes and a line feed');
($status, $out, $err) = ask([], [qq({"ok":true,"hits":[{}]}\n)], 'search', 'x' x ($longest + 1));
is("$status $err", "2 weft: the request is over 65536 bytes\n", 'one byte more is a usage error');

# On a terminal: colours and its width, but no colour with NO_COLOR. util-linux's script makes the terminal.
SKIP: {
    skip 'no script(1), or no pseudo-terminal for it', 4 if system('script -qec true /dev/null >/dev/null 2>&1 </dev/null') != 0;
    my $reply = qq({"ok":true,"total":{"hits":1,"threads":1},"hits":[{"ref":"comment:a","author":"x",) .
        qq("snippet":{"text":"@{['word ' x 30]}","marks":[[0,4]]}}]}\n);
    open(my $fh, '>', "$dir/replies") or die $!;
    print $fh $reply;
    close $fh;
    my $on_terminal = sub {
        my ($before, $arguments) = @_;
        my $command = "stty cols 60 2>/dev/null; $before $weft search $arguments x";
        open(my $sh, '>', "$dir/command") or die $!;
        print $sh "$command\n";
        close $sh;
        return scalar `TERM=xterm script -qec "perl tests/daemon/fake_server.pl $dir/replies sh $dir/command" /dev/null </dev/null`;
    };
    my $shown = $on_terminal->('', '');
    like($shown, qr/\033\[1;31mword\033\[0m word/, 'a terminal gets the matched words in colour');
    my ($longest_line) = sort { $b <=> $a } map { s/\033\[[0-9;]*m|\r//g; length } split /\n/, $shown;
    ok($longest_line <= 60 && $longest_line > 50, "... in its own width ($longest_line)");
    unlike($on_terminal->('NO_COLOR=1', ''), qr/\033\[/, '... without colours under NO_COLOR');
    open($fh, '>', "$dir/replies") or die $!;
    print $fh qq({"ok":true,"hits":[{}],"a":"\302\233\177\342\200\256"}\n);
    close $fh;
    like($on_terminal->('', '--json'), qr/"a":"\\u009b\\u007f\\u202e"/, '--json on a terminal escapes what could command it');
}

# The real weft-searchd, as a child.
SKIP: {
    my $searchd = ($ENV{B} || 'build') . '/weft-searchd';
    skip 'weft-searchd is not built', 3 if !-x $searchd || `$searchd --version` eq '';
    my $indexer = ($ENV{B} || 'build') . '/weft-indexer';
    system("$indexer build -q -i $dir/index corpus/kranstedt.ndjson") == 0 or die 'no index';
    my $reply = `$weft hello -i $dir/index --json 2>$dir/err`;
    is($?, 0, 'hello -i');
    like($reply, qr/"protocol":1[,}]/, '... is answered by weft-searchd');
    is(-s "$dir/err", 0, '... which is quiet');
}
done_testing();
