using System.Buffers.Binary;
using CortexMl.Cvm;
using Xunit;

namespace CortexMl.Tests.Cvm;

/// <summary>
/// What the reader and the binder of params say, each with its class and byte offset. The sample holds conv.weight (int8) and conv.bias
/// (int32).
/// </summary>
public sealed class ParamsMessageTests
{
    private const int FirstTensor = 8 + 8 + 8 + (8 + 11) + (8 + 9) + 8; // magic, reserved, count, two names, count
    private const int Device = 16, Code = 28, Bits = 29, Rank = 24, FirstDimension = 32, FirstElement = 32 + (4 * 8) + 8;

    [Theory]
    [InlineData(0, 1, CvmStatus.Logic,
        "error CML0430: no params file: it starts with F7E58D4F05049C01, expected F7E58D4F05049CB7\n  --> params, byte 0")]
    [InlineData(24 + 8, (byte)'k', CvmStatus.Runtime, "error CML0433: the graph has no variable 'konv.weight'\n  --> params, byte 68")]
    [InlineData(FirstTensor, 1, CvmStatus.Runtime,
        "error CML0432: tensor 'conv.weight' starts with DD5E40F096B4A101, expected DD5E40F096B4A13F\n  --> params, byte 68")]
    [InlineData(
        FirstTensor + Device, 3, CvmStatus.Logic, "error CML0434: 'conv.weight' is for device type 3, expected 1\n  --> params, byte 68")]
    [InlineData(FirstTensor + Device, 2, CvmStatus.Runtime,
        "error CML0432: tensor 'conv.weight' is for device type 2, expected 1\n  --> params, byte 68")]
    [InlineData(FirstTensor + Code, 1, CvmStatus.Logic,
        "error CML0434: 'conv.weight' has type code 1, expected 0, a signed integer\n  --> params, byte 68")]
    [InlineData(
        FirstTensor + Bits, 12, CvmStatus.Runtime, "error CML0432: tensor 'conv.weight' has elements of 12 bits\n  --> params, byte 68")]
    [InlineData(
        FirstTensor + Rank, 200, CvmStatus.Runtime, "error CML0431: the file ends inside tensor 'conv.weight'\n  --> params, byte 68")]
    [InlineData(FirstTensor + FirstDimension, 3, CvmStatus.Runtime,
        "error CML0432: tensor 'conv.weight' has 8 bytes of data, which are not those of [3, 1, 2, 2]\n  --> params, byte 68")]
    [InlineData(FirstTensor + FirstElement + 7, 128, CvmStatus.Logic,
        "error CML0436: 'conv.weight': element 7 is -128, precision 8 allows -127..127\n  --> params, byte 147")]
    public void One_byte_that_is_wrong(int offset, byte value, CvmStatus status, string expected)
    {
        var files = Samples.Files();
        byte[] bytes = [.. files.Params];
        Assert.NotEqual(value, bytes[offset]);
        bytes[offset] = value;
        var result = CvmReader.Read(files.Symbol, bytes);
        Assert.Equal((expected, status), (result.Findings[0].ToString(), result.Status));
    }

    [Fact]
    public void Dimensions_in_another_order_are_another_shape()
    {
        var files = Samples.Files();
        byte[] bytes = [.. files.Params];
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(FirstTensor + FirstDimension), 1);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(FirstTensor + FirstDimension + 8), 2);
        Assert.Equal(
            "error CML0435: 'conv.weight' has shape [1, 2, 2, 2], the graph wants [2, 1, 2, 2]\n  --> params, byte 68",
            CvmReader.Read(files.Symbol, bytes).Findings[0].ToString());
    }

    [Fact]
    public void A_tensor_that_is_not_there()
    {
        var files = Samples.Files();
        byte[] none = [.. files.Params.AsSpan(0, 16), .. new byte[16]];
        Assert.Equal(
            ["error CML0437: variable 'conv.weight' has no parameter\n  --> symbol:8:5, node 'conv.weight'",
            "error CML0437: variable 'conv.bias' has no parameter\n  --> symbol:13:5, node 'conv.bias'"],
            CvmReader.Read(files.Symbol, none).Findings.Select(f => f.ToString()));
    }
}
