# Engine.pm - the engines that are run side by side, each behind the same few calls.
#
#     my $e = Engine::Weft->new($dir, $data);     # its own directory, that of the generator's files
#     my $why = $e->missing;                      # what is not installed, or undef
#     $e->build;                                  # {wall, cpu, rss, status}
#     $e->start; $e->ask($row, $mode); $e->stop;  # over a pipe, one line each way
#     $e->add('fresh'); $e->delete;               # {wall, cpu}, when others can see it
#
# A row is one of queries.tsv (queries.h); a mode is count, own, ids, text or context.
package Engine;
use strict;
use warnings;
use IPC::Open2;
use Measure;
use Time::HiRes qw(sleep time);

our $B = $ENV{B} || 'build';
our @COLUMNS = qw(kind words from to author weft_query own_query weft_count own_count all_count);
our %MARK = (added => 'qwexmarkob', fresh => 'qwexfreshob');    # words of what comes later, and of nothing else

sub new {
    my ($class, $dir, $data) = @_;
    mkdir $dir or die "$dir: $!\n";
    return bless {dir => $dir, data => $data, log => "$dir/log", in => ''}, $class;
}

sub missing { return undef }

sub build {
    my ($self) = @_;
    my $cost = measured($self->{log}, $self->build_command);
    die $self->name . " did not build, see $self->{log}\n" if $cost->{status};
    $cost->{bytes} = Measure::bytes_of($self->files);
    return $cost;
}

sub start {
    my ($self) = @_;
    $self->{pid} = open2($self->{from}, $self->{to}, $self->serve_command);
    binmode $_ for @$self{'from', 'to'};
    return;
}

sub stop {
    my ($self) = @_;
    return unless $self->{pid};
    close($self->{to});
    waitpid(delete $self->{pid}, 0);
    die $self->name . " ended with status $?\n" if $?;
    return;
}

# A line out, a line back.
sub exchange {
    my ($self, $line) = @_;
    $line .= "\n";
    syswrite($self->{to}, $line) == length $line or die $self->name . ": a request was not taken\n";
    my $reply = '';
    do {
        sysread($self->{from}, $reply, 1 << 18, length $reply) or die $self->name . " ended on: $line";
    } until substr($reply, -1) eq "\n";
    return $reply;
}

sub ask {
    my ($self, $row, $mode) = @_;
    return $self->exchange($self->request($row, $mode));
}

sub cpu { return tree_cpu($_[0]{pid}) }
sub rss { return tree_rss($_[0]{pid}) }

# What the program itself does in the open session, until a question about it is answered.
sub changed {
    my ($self, $change, $seen) = @_;
    my ($start, $cpu) = (time, $self->cpu);
    my $own = $change->();
    my $guard = $start + 600;
    until ($seen->()) {
        die $self->name . ": a change was not seen\n" if time > $guard;
        sleep 0.001;
    }
    return {wall => time - $start, cpu => $self->cpu - $cpu + ($own || 0)};
}

# Comments under old ones (added), or new conversations (fresh).
sub add {
    my ($self, $what) = @_;
    my $row = {kind => 'common', from => 0, to => 0, author => '', words => $MARK{$what}, weft_query => $MARK{$what}};
    return $self->changed(sub { $self->do_add($what) }, sub { $self->count($self->ask($row, 'count')) == 1000 });
}

sub delete {
    my ($self) = @_;
    my $left = $self->total - 1000;
    return $self->changed(sub { $self->do_delete }, sub { $self->total == $left });
}

# What the count of a row must be; own is asked of weft alone.
sub expected { my (undef, $row) = @_; return $row->{all_count} }
sub counts   { return ('count') }

package Engine::Weft;
our @ISA = ('Engine');
use Measure;

sub name { return 'weft' }
sub files { return "$_[0]{dir}/index" }
sub build_command { my ($s) = @_; return ("$Engine::B/weft-indexer", 'build', '-q', '-i', $s->files, "$s->{data}/records.ndjson") }
sub serve_command { return ("$Engine::B/weft-searchd", '--stdio', '-i', $_[0]->files, '--log-level', 'error', '--timeout-ms', 600000) }

my %line = (
    ids => 'search limit=10 context=none snippet=1 -- ', text => 'search limit=10 context=none -- ',
    context => 'search limit=10 -- ', count => 'count totals=exact -- ', own => 'count totals=exact -- ',
);

sub request {
    my ($self, $row, $mode) = @_;
    return $line{$mode} . $row->{$mode eq 'own' ? 'own_query' : 'weft_query'};
}

sub count { return $_[1] =~ /"hits":(\d+),"threads"/ ? $1 : "no count in: $_[1]" }
sub failed { return $_[1] !~ /"ok":true/ }
sub partial { return $_[1] =~ /"partial":true/ }
sub expected { my (undef, $row, $mode) = @_; return $row->{$mode eq 'own' ? 'own_count' : 'weft_count'} }
sub counts { return ('count', 'own') }

sub total {
    my ($self) = @_;
    my $status = $self->exchange('status');
    return ($status =~ /"articles":(\d+)/)[0] + ($status =~ /"comments":(\d+)/)[0];
}

sub indexer {
    my ($self, $verb, @what) = @_;
    my $cost = measured($self->{log}, "$Engine::B/weft-indexer", $verb, '-i', $self->files, @what);
    die "weft-indexer $verb failed, see $self->{log}\n" if $cost->{status};
    return $cost->{cpu};
}

sub do_add { my ($self, $what) = @_; return $self->indexer('add', "$self->{data}/$what.ndjson") }

sub do_delete {
    my ($self) = @_;
    open(my $fh, '<', "$self->{data}/deleted.txt") or die "deleted.txt: $!\n";
    return $self->indexer('delete', map { chomp; "comment:$_" } <$fh>);
}

# What the peers share: a program of ours that speaks in tabs.
package Engine::Peer;
our @ISA = ('Engine');

sub request {
    my (undef, $row, $mode) = @_;
    return join "\t", $mode, map { $row->{$_} } qw(kind words from to author);
}

sub count { my ($n) = $_[1] =~ /^(\d+)/; return $n // "no count in: $_[1]" }
sub failed { return 0 }
sub partial { return 0 }
sub total { return $_[0]->count($_[0]->exchange('total')) }
sub do_add { my ($self, $what) = @_; $self->exchange("add\t$self->{data}/$what.tsv"); return 0 }
sub do_delete { my ($self) = @_; $self->exchange("delete\t$self->{data}/deleted.txt"); return 0 }

package Engine::Fts5;
our @ISA = ('Engine::Peer');

sub name { return 'SQLite FTS5' }
sub program { return "$Engine::B/tests/bench/fts5" }
sub missing { return -x program() ? undef : 'libsqlite3-dev is not installed' }
sub files { return "$_[0]{dir}/db" }
sub build_command { my ($s) = @_; return (program(), 'build', $s->files, "$s->{data}/records.tsv") }
sub serve_command { return (program(), 'serve', $_[0]->files) }

package Engine::Lucene;
our @ISA = ('Engine::Peer');

my $classes = "$Engine::B/tests/bench/lucene";

sub name { return 'Lucene' }
sub missing { return -f "$classes/Lucene.class" ? undef : 'liblucene8-java or a JDK is not installed' }
sub files { return "$_[0]{dir}/index" }
sub java { return ('java', '-Xmx2g', '-cp', "$classes:" . join(':', glob '/usr/share/java/lucene-{core,analyzers-common,highlighter,memory,join,queries}-[0-9]*.jar'), 'Lucene') }
sub build_command { my ($s) = @_; return (java(), 'build', $s->files, "$s->{data}/records.tsv") }
sub serve_command { return (java(), 'serve', $_[0]->files) }

1;
