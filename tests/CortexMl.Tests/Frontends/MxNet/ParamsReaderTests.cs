using System.Buffers.Binary;
using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.MxNet.Read;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Frontends.MxNet;

public class ParamsReaderTests
{
    private static Diagnostic Fails(byte[] bytes) =>
        Assert.Single(Assert.Throws<DiagnosticException>(() => MxNetParamsReader.Read(bytes, "x.params")).Diagnostics);

    [Theory]
    [InlineData(0u)]
    [InlineData(ParamsBytes.V1)]
    [InlineData(ParamsBytes.V2)]
    [InlineData(ParamsBytes.V3)]
    public void Every_version_is_read(uint version)
    {
        byte[] data = [.. new[] { 1f, -2.5f, 3f, 4f, 5f, 6f }.SelectMany(BitConverter.GetBytes)];
        var file = MxNetParamsReader.Read(new ParamsBytes().Add("arg:w", version, 0, [2, 3], data).Build(), "x.params");
        var tensor = Assert.IsType<Tensor<float>>(Assert.Single(file.Arrays).Tensor);
        Assert.Equal(Shape.Of(2, 3), tensor.Shape);
        Assert.Equal([1f, -2.5f, 3f, 4f, 5f, 6f], tensor.Data);
    }

    public static TheoryData<int, DType, byte[], double> Elements => new()
    {
        { 0, DType.F32, BitConverter.GetBytes(1.5f), 1.5 },
        { 1, DType.F64, BitConverter.GetBytes(-0.1), -0.1 },
        { 2, DType.F16, BitConverter.GetBytes((Half)0.25f), 0.25 },
        { 3, DType.U8, [200], 200 },
        { 4, DType.I32, BitConverter.GetBytes(-70000), -70000 },
        { 5, DType.I8, [0x80], -128 },
        { 6, DType.I64, BitConverter.GetBytes(1L << 40), 1L << 40 },
        { 7, DType.Bool, [1], 1 },
    };

    [Theory]
    [MemberData(nameof(Elements))]
    public void Every_element_type_is_read(int code, DType type, byte[] data, double value)
    {
        var file = MxNetParamsReader.Read(new ParamsBytes().Add("w", ParamsBytes.V2, code, [1], data).Build(), "x.params");
        var tensor = file.Arrays[0].Tensor;
        Assert.Equal(type, tensor.DType);
        Assert.Equal(value, tensor.GetDouble(0));
    }

    [Fact]
    public void Arrays_are_found_with_and_without_prefix_and_keep_their_order()
    {
        var file = MxNetParamsReader.Read(new ParamsBytes().Add("aux:b", [1], 2).Add("arg:a", [1], 1).Add("c", [1], 3).Build(), "x.params");
        Assert.Equal(["aux:b", "arg:a", "c"], file.Arrays.Select(a => a.Name));
        Assert.Equal(["b", "a", "c"], file.Arrays.Select(a => a.Key));
        Assert.Equal(1, file.Find("a")!.GetDouble(0));
        Assert.Equal(1, file.Find("arg:a")!.GetDouble(0));
        Assert.Null(file.Find("d"));
    }

    [Fact]
    public void A_file_may_have_no_names()
    {
        var file = MxNetParamsReader.Read(new ParamsBytes().Add("", [2], 1, 2).Add("", [1], 3).Build(withNames: false), "x.nd");
        Assert.Equal(["", ""], file.Arrays.Select(a => a.Name));
    }

    [Fact]
    public void Rank_0_is_an_empty_array_but_a_scalar_in_V3()
    {
        var file = MxNetParamsReader.Read(new ParamsBytes()
                .AddWords("a", 0).AddWords("b", ParamsBytes.V1, 0).AddWords("c", ParamsBytes.V2, 0, 0)
            .AddWords("d", ParamsBytes.V3, 0, uint.MaxValue).Add("e", ParamsBytes.V3, 0, [], BitConverter.GetBytes(7f)).Build(),
            "x.params");
        Assert.Equal([0, 0, 0, 0, 1], file.Arrays.Select(a => a.Tensor.Length));
        Assert.Equal(Shape.Scalar, file.Arrays[4].Tensor.Shape);
    }

    [Theory]
    [InlineData(1u, "row-sparse")]
    [InlineData(2u, "csr (sparse)")]
    [InlineData(9u, "of unknown storage type 9")]
    public void Sparse_arrays_are_refused(uint storage, string kind)
    {
        var found = Fails(new ParamsBytes().AddWords("w", ParamsBytes.V2, storage, 1, 1, 0).Build());
        Assert.Equal(FrontendCodes.UnsupportedArray, found.Code);
        Assert.Equal($"x.params: array 0 is {kind}; only dense arrays are read", found.Message);
        Assert.Equal(28, found.Location!.Offset);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(ParamsBytes.V1)]
    [InlineData(ParamsBytes.V3)]
    public void A_file_cut_off_at_any_byte_is_a_diagnostic_with_the_offset(uint version)
    {
        byte[] whole =
            new ParamsBytes().Add("arg:weight", version, 0, [2, 2], new byte[16]).Add("aux:v", version, 5, [3], new byte[3]).Build();
        for (int length = 0; length < whole.Length; length++)
        {
            var found = Fails(whole[..length]);
            Assert.Equal(FrontendCodes.ParamsMalformed, found.Code);
            Assert.InRange(found.Location!.Offset!.Value, 0, length);
            Assert.NotNull(found.Hint);
        }
    }

    [Fact]
    public void Sizes_are_held_against_the_file_before_memory_is_taken()
    {
        byte[] manyArrays = new ParamsBytes().Build();
        BinaryPrimitives.WriteUInt64LittleEndian(manyArrays.AsSpan(16), ulong.MaxValue / 2);
        Assert.Contains("the number of arrays is 9223372036854775807, more than the 8 bytes left can hold", Fails(manyArrays).Message);
        Assert.Contains("array 0 of shape [2147483647] and type F64 needs 17179869176 bytes",
            Fails(new ParamsBytes().AddWords("w", 1, int.MaxValue, 1, 0, 1).Build()).Message);
        Assert.Contains(
            "dimension 1 is 2147483647", Fails(new ParamsBytes().AddWords("w", 2, int.MaxValue, int.MaxValue, 1, 0, 1).Build()).Message);
        Assert.Contains("array 0 has rank 33; 0 to 32 is allowed", Fails(new ParamsBytes().AddWords("w", 33).Build()).Message);
        Assert.Contains("array 0 has element type 12", Fails(new ParamsBytes().AddWords("w", 1, 1, 1, 0, 12, 0).Build()).Message);
    }

    [Fact]
    public void Another_kind_of_file_is_named()
    {
        Assert.Contains("x.params is no MXNet parameter file but JSON text", Fails("""{ "nodes": [] }"""u8.ToArray()).Message);
        Assert.Contains("a CVM or TVM parameter file", Fails(BitConverter.GetBytes(0xF7E58D4F05049CB7)).Message);
        Assert.Contains("something else", Fails(new byte[100]).Message);
    }

    [Fact]
    public void Trailing_bytes_are_refused() =>
        Assert.Equal("x.params: 1 byte follows the last name", Fails([.. new ParamsBytes().Add("w", [1], 1).Build(), 0]).Message);

    [Fact]
    public void Mutated_files_never_do_worse_than_a_diagnostic()
    {
        byte[] whole = new ParamsBytes().Add("arg:w", [2, 2], 1, 2, 3, 4).Add("b", 0, 3, [4], new byte[4]).Add("c", ParamsBytes.V3, 6, [],
            new byte[8]).Build();
        var random = new Random(1);
        for (int round = 0; round < 20000; round++)
        {
            byte[] bytes = [.. whole];
            for (int i = random.Next(1, 4); i > 0; i--) bytes[random.Next(8, bytes.Length)] = random.Next(3) == 0 ? (byte)0xFF
                : (byte)random.Next(256);
            try
            {
                _ = MxNetParamsReader.Read(bytes.AsSpan(0, random.Next(5) == 0 ? random.Next(bytes.Length) : bytes.Length), "x");
            }
            catch (DiagnosticException)
            {
            }
        }
    }
}
