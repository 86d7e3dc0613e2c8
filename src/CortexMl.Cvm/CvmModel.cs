using CortexMl.Cvm.Run;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Cvm;

/// <summary>A model that the runtime loads: the graph, and what the files say beyond it.</summary>
public sealed class CvmModel
{
    /// <summary>Operators, constants and the input <c>data</c> in the file's order; outputs are the heads.</summary>
    public required Graph Graph { get; init; }

    /// <summary>The table of entries in the runtime's numbering.</summary>
    public required IReadOnlyList<CvmEntry> Entries { get; init; }

    /// <summary>Which values share memory.</summary>
    public required CvmStorage Storage { get; init; }

    /// <summary><see cref="CvmVersions.V100"/> or <see cref="CvmVersions.V110"/>.</summary>
    public required string Version { get; init; }

    /// <summary>The text as the file has it; only <c>argmax</c> and <c>detection</c> mean something.</summary>
    public required string Postprocess { get; init; }

    /// <summary>The shape that the runtime believes the input to have (<see cref="CvmCodes.InputShape"/>).</summary>
    public required Shape ReportedInputShape { get; init; }

    /// <summary>Whether <c>data</c> is node 0, and whether node_row_ptr and arg_nodes are there in full.</summary>
    public required CvmFileFacts Facts { get; init; }

    /// <summary>The one graph input, <c>data</c>.</summary>
    public Value Input => Graph.Inputs[0];

    public long StorageSize => Storage.Bytes;

    /// <summary>Bytes per input element, 1 or 4.</summary>
    public int InputTypeSize => Input.Type.Precision <= 8 ? 1 : 4;

    /// <summary>Bytes of the input as the runtime reports them; a multiple of <see cref="InputTypeSize"/>.</summary>
    public long InputLength => ReportedInputShape.Count * InputTypeSize;

    /// <summary>Bytes per output element, 1 or 4.</summary>
    public int OutputTypeSize => OutputConversion.TypeSize(this);

    /// <summary>Bytes of the output as the runtime reports them.</summary>
    public long OutputLength => OutputConversion.Length(this);

    /// <summary>Cost of one inference (CortexMl.Cvm/SPECIFICATION.md §10).</summary>
    /// <exception cref="Diagnostics.DiagnosticException">CML0440, class logic: a limit is exceeded.</exception>
    public long Gas() => CvmGas.Of(Graph);
}

/// <summary>Facts about the files that the graph does not show.</summary>
public sealed record CvmFileFacts(bool DataIsFirst, bool HasFullTables);

/// <summary>One entry of the file's table: a variable, or one output of an operator.</summary>
/// <param name="StorageId">The slot as the file numbers it.</param>
/// <param name="NodeName">The node's name in the file.</param>
public sealed record CvmEntry(Value Value, int StorageId, string NodeName);
