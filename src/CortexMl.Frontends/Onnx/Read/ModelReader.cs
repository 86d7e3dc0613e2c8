using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using Google.Protobuf;

namespace CortexMl.Frontends.Onnx.Read;

/// <summary>Reads protobuf files from a stream: the parsed message is the only copy of the weights.</summary>
internal static class ModelReader
{
    /// <exception cref="DiagnosticException">CML01xx about the file; CML0202 broken protobuf, or no ONNX model.</exception>
    public static ModelProto Read(string path)
    {
        var model = Read(path, ModelProto.Parser, ModelProto.Descriptor);
        return model.Graph is not null ? model
            : throw new DiagnosticException(FrontendCodes.ModelMalformed, $"'{path}' is no ONNX model: it holds no graph",
                new(InputFile.DisplayName(path)), "export the model again");
    }

    /// <summary>A tensor in a file of its own (<c>input_0.pb</c> of the ONNX test data).</summary>
    public static TensorProto ReadTensor(string path) => Read(path, TensorProto.Parser, TensorProto.Descriptor);

    private static T Read<T>(string path, MessageParser<T> parser, Google.Protobuf.Reflection.MessageDescriptor descriptor) where T
        : IMessage<T>
    {
        string name = InputFile.DisplayName(path);
        try
        {
            using var stream = InputFile.Open(path);
            if (stream.Length > int.MaxValue)
                throw new DiagnosticException(DiagnosticCodes.TooLarge,
                    string.Create(CultureInfo.InvariantCulture,
                        $"'{path}' has {Counted.Of(stream.Length, "byte")}; a protobuf file has at most {int.MaxValue}"),
                    hint: "export the model with its weights as external data");
            MessageCensus.Check(stream, descriptor, name);
            stream.Position = 0;
            return parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new DiagnosticException(
                FrontendCodes.ModelMalformed, $"{name} is not a whole ONNX file: {error.Message}", new SourceLocation(name),
                "the file was cut off or damaged, or is of another format: copy it again");
        }
    }
}
