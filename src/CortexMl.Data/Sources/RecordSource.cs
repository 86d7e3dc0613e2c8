using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Data.Sources;

/// <summary>
/// Records of equal size, one after the other: a little-endian label of 0, 1 or 2 bytes, then the elements. CIFAR-10 records are a label
/// byte and the planes R, G, B of 32x32; photo records are the same for the size and the number of classes of ImageNet's networks, a label
/// of two bytes and planes of 224x224, a format that nobody but this project writes; raw binary files have no label.
/// </summary>
public sealed class RecordSource : IRawSource
{
    public const int CifarRecord = 1 + 3 * 32 * 32;

    public const int PhotoRecord = 2 + 3 * 224 * 224;

    private readonly byte[] _bytes;
    private readonly string _name;
    private readonly DType _type;
    private readonly Shape _sample;
    private readonly int _labelBytes, _record;

    /// <exception cref="DiagnosticException">CML0802: the file is no whole number of records.</exception>
    public RecordSource(byte[] bytes, string name, DType type, Shape sample, int labelBytes)
    {
        long record = labelBytes + sample.Count * type.Size();
        if (record <= 0 || bytes.Length % record != 0)
            throw new DiagnosticException(DataCodes.Malformed,
                $"{Counted.Of(bytes.Length, "byte is", "bytes are")} no whole number of records of {Counted.Of(record, "byte")} "
                + $"({sample} {DTypeNames.Of(type)})",
                SourceLocation.At(name, record > 0 ? bytes.Length / record * record : 0),
                "check --shape and --dtype, or copy the file again: it may be cut off");
        (_bytes, _name, _type, _sample, _labelBytes, _record) = (bytes, name, type, sample, labelBytes, (int)record);
    }

    public static RecordSource Cifar(byte[] bytes, string name) => new(bytes, name, DType.U8, Shape.Of(3, 32, 32), 1);

    public static RecordSource Photos(byte[] bytes, string name) => new(bytes, name, DType.U8, Shape.Of(3, 224, 224), 2);

    public int Count => _bytes.Length / _record;

    public bool HasPlanes => _labelBytes > 0;

    public IEnumerable<int?> Labels => Enumerable.Range(0, Count).Select(i => LabelAt(i * _record));

    public string Description => string.Create(CultureInfo.InvariantCulture, $"{_name} ({Count} x {_sample} {DTypeNames.Of(_type)})");

    private int? LabelAt(int at) => _labelBytes switch { 0 => null, 1 => _bytes[at], _ => _bytes[at] | _bytes[at + 1] << 8 };

    public IEnumerable<RawSample> Read()
    {
        for (int i = 0; i < Count; i++)
        {
            int at = i * _record;
            var tensor = TensorBytes.Read(_type, _sample, _bytes.AsSpan(at + _labelBytes, _record - _labelBytes));
            yield return new(tensor, LabelAt(at), string.Create(CultureInfo.InvariantCulture, $"record {i} of {_name}"));
        }
    }
}
