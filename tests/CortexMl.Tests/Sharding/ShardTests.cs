using CortexMl.Diagnostics;
using CortexMl.Sharding;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Sharding;

public sealed class ShardTests
{
    [Fact]
    public void Shards_cut_samples_into_pieces_that_differ_by_one_at_most() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[1, 300]).Sample((count, of) =>
        {
            var ranges = Enumerable.Range(1, of).Select(i => new Shard(i, of).RangeOf(count)).ToList();
            int next = 0;
            foreach (var range in ranges)
            {
                Assert.Equal(next, range.First);
                Assert.InRange(range.Count, count / of, (count + (long)of - 1) / of);
                next += range.Count;
            }
            Assert.Equal(count, next);
        });

    [Fact]
    public void Of_fewer_samples_than_shards_some_get_none() =>
        Assert.Equal([0, 1, 0, 1], Enumerable.Range(1, 4).Select(i => new Shard(i, 4).RangeOf(2).Count));

    [Fact]
    public void A_shard_is_written_as_it_is_read() => Assert.Equal("3/16", Shard.Parse("3/16").ToString());

    [Theory]
    [InlineData("0/4")]
    [InlineData("5/4")]
    [InlineData("1")]
    [InlineData("1/2/3")]
    [InlineData("-1/4")]
    [InlineData("1/1048577")]
    [InlineData(" 1/4")]
    [InlineData("one/four")]
    public void What_is_no_shard_is_refused(string text) =>
        Assert.StartsWith($"error CML1207: '{text}' is no shard", Assert.Throws<DiagnosticException>(() => Shard.Parse(text)).Message,
            StringComparison.Ordinal);
}
