using System.Buffers.Binary;
using CortexMl.Cvm.Load;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Cvm.Params;

/// <summary>
/// Gives the variables of a graph their elements, in the order of the file (CortexMl.Cvm/SPECIFICATION.md §3, second list).
/// </summary>
internal sealed class ParamsBinder(ReadOnlyMemory<byte> bytes, string fileName, NodeTable nodes, Shape[] shapes, Findings findings)
{
    private readonly Dictionary<int, int> _positions = [];
    private readonly HashSet<int> _named = [];

    /// <summary>Elements by node id; the last of a name wins.</summary>
    public Dictionary<int, ConstantData> Elements { get; } = [];

    /// <summary>Node ids in the order in which they got their final elements, which decides where two share storage.</summary>
    public IEnumerable<int> Order => _positions.OrderBy(p => p.Value).Select(p => p.Key);


    public void Bind(List<ParamsEntry> entries, long maxMemory)
    {
        var variables = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (int id in nodes.Arguments) variables[nodes.File.Nodes[id].Name] = id;
        long memory = 0;
        foreach (var entry in entries)
        {
            if (!variables.TryGetValue(entry.Name, out int id))
            {
                findings.Runtime(CvmCodes.ParamsName, $"the graph has no variable '{entry.Name}'", At(entry));
                continue;
            }
            _named.Add(id);
            if (!HasForm(entry, shapes[nodes.FirstEntry(id)])) continue;
            if (TensorMemory.Refusal($"parameter '{entry.Name}'", shapes[nodes.FirstEntry(id)], sizeof(int)) is { } refusal)
            {
                findings.Runtime(CvmCodes.Memory, refusal, At(entry));
                return;
            }
            if (!Elements.ContainsKey(id)) memory += shapes[nodes.FirstEntry(id)].Count * sizeof(int);
            if (memory > maxMemory)
            {
                findings.Runtime(CvmCodes.Memory,
                    $"the parameters up to '{entry.Name}' take {Counted.Of(memory, "byte")}, more than the {maxMemory} allowed", At(entry));
                return;
            }
            var elements = Read(entry, shapes[nodes.FirstEntry(id)]);
            if (entry.Name != Setup.InputName) CheckRange(entry, elements, nodes.File.Lists.Precisions![nodes.FirstEntry(id)]);
            Elements[id] = elements;
            _positions[id] = entry.Offset;
        }
        ReportMissing();
    }

    private bool HasForm(ParamsEntry entry, Shape shape)
    {
        bool sameShape = entry.Dims.Length == shape.Rank && entry.Dims.Zip(shape).All(pair => pair.First == pair.Second);
        if (entry.TypeCode != ParamsFormat.SignedInteger)
            Logic(CvmCodes.ParamsType, entry, $"has type code {entry.TypeCode}, expected {ParamsFormat.SignedInteger}, a signed integer");
        else if (entry.DeviceType != ParamsFormat.CpuDevice)
            Logic(CvmCodes.ParamsType, entry, $"is for device type {entry.DeviceType}, expected {ParamsFormat.CpuDevice}");
        else if (!sameShape)
            Logic(CvmCodes.ParamsShape, entry, $"has shape [{string.Join(", ", entry.Dims.Take(7))}], the graph wants {shape}");
        else if (entry.Bits is not (8 or 32) || entry.Lanes != 1)
            Logic(CvmCodes.ParamsType, entry, $"has {entry.Lanes} x {Counted.Of(entry.Bits, "bit")}, expected 1 x 8 or 1 x 32");
        else return true;
        return false;
    }

    /// <summary>Elements of a byte stay where they are, in the file's memory.</summary>
    private ConstantData Read(ParamsEntry entry, Shape shape)
    {
        if (entry.Bits == 8) return new ConstantData(shape, bytes.Slice(entry.DataOffset, (int)shape.Count));
        var tensor = Tensor.Zeros<int>(shape);
        var data = bytes.Span[entry.DataOffset..];
        for (int i = 0; i < tensor.Length; i++) tensor.Data[i] = BinaryPrimitives.ReadInt32LittleEndian(data[(4 * i)..]);
        return new ConstantData(tensor);
    }

    private void CheckRange(ParamsEntry entry, ConstantData elements, int precision)
    {
        if (precision < 1) return;
        long bound = Precisions.Bound(precision);
        var (least, greatest) = elements.Range;
        if (least >= -bound && greatest <= bound) return;
        int at = elements.Integers.IndexOfAnyExceptInRange((int)-bound, (int)bound);
        int width = entry.Bits / 8;
        findings.Logic(CvmCodes.ParamsRange,
            $"'{entry.Name}': element {at} is {elements.Integers[at]}, precision {precision} allows -{bound}..{bound}",
            SourceLocation.At(fileName, entry.DataOffset + ((long)at * width)));
    }

    private void ReportMissing()
    {
        foreach (int id in nodes.Arguments)
        {
            var node = nodes.File.Nodes[id];
            if (node.Name != Setup.InputName && !_named.Contains(id))
                findings.Logic(CvmCodes.ParamsMissing, $"variable '{node.Name}' has no parameter", nodes.File.Of(node));
        }
    }

    private SourceLocation At(ParamsEntry entry) => SourceLocation.At(fileName, entry.Offset);

    private void Logic(string code, ParamsEntry entry, string message) => findings.Logic(code, $"'{entry.Name}' {message}", At(entry));
}
