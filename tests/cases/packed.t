#!/usr/bin/perl
# packed.t - what people hold: exports that are packed, damaged, in charsets they declare; read as they are.
use strict;
use warnings;
use utf8;
use lib 'tests/cases';
use Cwd ();
use Test::More;
use Cases;

# Run the shell generator of a case in a directory of its own.
sub made {
    my ($case) = @_;
    my $dir = File::Temp->newdir;
    my $generator = Cwd::abs_path("$Cases::SHARED/$case/gen.sh");
    system('sh', '-c', 'cd "$1" && sh "$2"', 'sh', "$dir", $generator) == 0 or die "$generator ended with $?\n";
    return $dir;
}

given('027', sub {
    my $dir = made(@_);
    my $x = Cases->new;
    is($x->build("$dir/multi.gz")->{status}, 0, 'a gzip of three parts');
    is($x->found('tiller'), 'article:a1 article:a2 article:a3', '... all three');
    my $run = $x->indexer('convert', "$dir/trunc.gz");
    is($run->{status}, 1, 'one that is cut');
    my $size = -s "$dir/trunc.gz";
    like($run->{err}, qr/trunc\.gz: cannot be unpacked at byte $size: gzip: truncated/, '... says where');
    my $lines = () = $run->{out} =~ /\n/g;
    like($run->{err}, qr/: ndjson: read $lines: loaded $lines, /, '... after how many records');
    $run = $x->indexer('convert', "$dir/tail.gz");
    is($run->{status}, 0, 'rubbish behind it');
    like($run->{err}, qr/: what stands from byte \d+ on is no gzip: passed over/, '... is a warning');
    like($run->{err}, qr/loaded 20000,/, '... and costs nothing');
    $run = $x->indexer('convert', '-q', "$dir/pad.gz");
    is("$run->{status} $run->{err}", '0 ', 'zeros behind it are nothing');
});

given('051', sub {
    my $dir = made(@_);
    for my $name ('in.xml.gz', 'in.xml') {
        my $x = Cases->new;
        is($x->build("$dir/$name")->{status}, 0, "packed, named $name");
        is($x->found('bollard'), '1', '... its comment');
    }
    my $x = Cases->new;
    my $rar = "Rar!\x1a\x07\x01\x00";
    like($x->build(\$rar)->{err}, qr/is packed with rar, which is not read: unpack it first/, 'one that is not read is named');
});

given('109', sub {
    my $x = Cases->new;
    is($x->build("$Cases::SHARED/109/in.json")->{status}, 0, 'an export with "root" for no parent');
    is($x->stats->{orphans}, 0, 'no parent is missing');
    is($x->get('comment:aa02')->{parent_ref}, 'comment:aa01', 'the answer stands under its parent');
});

# ---- our own, of the same kinds ----
subtest 'the same export twice, packed and not, and a newer one' => sub {
    my $wxr = sub {
        my $comments = join '', map { "<wp:comment><wp:comment_id>$_</wp:comment_id><wp:comment_content><![CDATA[word$_ $_[0]]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_parent>0</wp:comment_parent></wp:comment>" } 1 .. 3;
        return qq(<?xml version="1.0"?><rss xmlns:content="c" xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>T</title><content:encoded><![CDATA[x]]></content:encoded><wp:post_id>7</wp:post_id><wp:post_type>post</wp:post_type>$comments</item></channel></rss>);
    };
    my $x = Cases->new;
    my $old = $x->file($wxr->('old'), 'old.xml');
    is($x->add($old)->{status}, 0, 'read');
    my $revision = $x->stats->{revision};
    system('gzip', '-k', $old);
    like($x->add("$old.gz")->{out}, qr/^0 added, 0 changed, 4 same/m, 'packed: all the same');
    is($x->stats->{revision}, $revision, 'nothing moved');
    my $new = $x->file($wxr->('old') =~ s/word2 old/word2 new/r, 'new.xml');
    like($x->add($new)->{out}, qr/^0 added, 1 changed, 3 same/m, 'a newer one: what changed');
};

subtest 'declared charsets' => sub {
    my %bytes = ('windows-1251' => "\xEF\xF0\xE8\xE2\xE5\xF2", 'koi8-r' => "\xD0\xD2\xC9\xD7\xC5\xD4", 'UTF-8' => "\xD0\xBF\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82");
    for my $charset (sort keys %bytes) {
        my $xml = qq(<?xml version="1.0" encoding="$charset"?>\n<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>$bytes{$charset}</title><wp:post_id>7</wp:post_id><wp:post_type>post</wp:post_type></item></channel></rss>\n);
        my $x = Cases->new;
        is($x->build(\$xml)->{status}, 0, "XML in $charset");
        is($x->found('привет'), 'article:7', '... is found');
        my $html = qq(<html><head><meta charset="$charset"><title>x</title></head><body><h1 class="entry-title">x</h1><ol class="commentlist"><li id="comment-5" class="comment"><cite class="fn">A</cite><p>$bytes{$charset}</p></li></ol></body></html>\n);
        $x = Cases->new;
        my $page = $x->file($html, 'page.html');
        is($x->build($page)->{status}, 0, "HTML in $charset");
        is($x->found('привет'), '5', '... is found');
    }
};
done_testing;
